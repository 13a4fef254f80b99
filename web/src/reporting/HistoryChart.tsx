import { Text as Paragraph } from "@mantine/core";
import { useIntl } from "react-intl";
import { HistoryFigure } from "../charts/HistoryFigure.tsx";
import { dayNumber } from "../charts/history.ts";
import { useText, type MessageId } from "../i18n/text.tsx";
import { axisOf, heightOf, levelOf, type Scale } from "../plans/scale.ts";
import type { History } from "./queries.ts";

const REASONS: Record<string, MessageId> = { "too-few-points": "trend.too-few-points", "one-date": "trend.one-date" };

/** What the reporting service tells of one item's history, as a graph over the whole scale. */
export function HistoryChart({ history, scale, title }: { history: History; scale: Scale | null; title: string }) {
  const text = useText();
  const intl = useIntl();
  const { trend } = history;
  if (scale === null) {
    return (
      <Paragraph size="sm" c="dimmed">
        {text("trend.free-text")}
      </Paragraph>
    );
  }
  const inOrder = [...history.points].sort((one, other) => one.effective.localeCompare(other.effective) || one.recorded.localeCompare(other.recorded));
  const points = inOrder.flatMap((point) => {
    const value = typeof point.value === "number" ? heightOf(scale, point.value) : null;
    if (value === null || typeof point.value !== "number") return [];
    const label = levelOf(scale, point.value)?.label ?? intl.formatNumber(point.value);
    return [{ day: dayNumber(point.effective), value, label, role: point.role }];
  });
  const slope = trend ? intl.formatNumber(trend.slope_per_week, { maximumFractionDigits: 2, signDisplay: "exceptZero" }) : "";
  const direction = trend && Math.abs(trend.slope_per_week) >= 0.005 ? (trend.slope_per_week > 0 ? "up" : "down") : "level";
  const end = (at: { date: string; value: number }) => ({ day: dayNumber(at.date), value: at.value });
  return (
    <HistoryFigure
      name={text("chart.history-of", { item: title })}
      points={points}
      events={history.events.map((event) => ({ day: dayNumber(event.effective), label: text(`happened.${event.kind}`) }))}
      scale={axisOf(scale)}
      upTo={history.newest}
      trend={
        trend
          ? {
              line: { from: end(trend.start), to: end(trend.end) },
              band: trend.band.map(({ date, low, high }) => ({ day: dayNumber(date), low, high })),
              sentence: text(scale.kind === "levels" ? "trend.sentence-levels" : "trend.sentence-points", { direction, slope, count: trend.n }),
            }
          : { reason: text(REASONS[history.reason ?? ""] ?? "trend.none") }
      }
    />
  );
}
