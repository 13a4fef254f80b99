import { Alert, Skeleton } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useIntl } from "react-intl";
import { useText } from "../i18n/text.tsx";
import { AuthorMark } from "./AuthorMark.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import classes from "./charts.module.css";
import { authorKind, dateOf, type Band, type Line } from "./history.ts";
import type { HistoryEvent, HistoryPoint, HistoryScale } from "./HistoryGraph.tsx";

const HistoryGraph = lazy(() => import("./HistoryGraph.tsx"));

interface Props {
  name: string;
  points: readonly HistoryPoint[];
  events: readonly HistoryEvent[];
  scale: HistoryScale;
  trend: { line: Line; band: Band; sentence: string } | { reason: string };
  upTo: string | null;
}

/** One item's updates over time, oldest first, with the trend or the reason why there is none. */
export function HistoryFigure({ name, points, events, scale, trend, upTo }: Props) {
  const text = useText();
  const intl = useIntl();
  const drawn = "line" in trend;
  const kinds = [...new Set(points.map((point) => authorKind(point.role)))];
  return (
    <ChartFrame
      name={name}
      sentence={drawn ? trend.sentence : text("chart.updates-sentence", { count: points.length })}
      upTo={upTo}
      table={{
        columns: [text("chart.date"), text("chart.value"), text("chart.author")],
        rows: [
          ...points.map((point) => ({ day: point.day, cells: [point.label, text(`role.${authorKind(point.role)}`)] })),
          ...events.map((event) => ({ day: event.day, cells: [event.label, ""] })),
        ]
          .sort((one, other) => one.day - other.day)
          .map(({ day, cells }) => [intl.formatDate(dateOf(day), { dateStyle: "medium", timeZone: "UTC" }), ...cells]),
      }}
    >
      {points.length > 0 && (
        <Suspense fallback={<Skeleton height={280} />}>
          <HistoryGraph name={name} points={points} events={events} scale={scale} trend={drawn ? trend : null} />
        </Suspense>
      )}
      {points.length > 0 && (
        <ul className={classes["legend"]}>
          {kinds.map((kind) => (
            <li key={kind}>
              <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden>
                <AuthorMark kind={kind} />
              </svg>
              {text(`role.${kind}`)}
            </li>
          ))}
          {events.length > 0 && (
            <li>
              <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden>
                <path d="M-6 -5H6L0 4Z" fill="var(--mantine-color-dimmed)" />
              </svg>
              {text("chart.events")}
            </li>
          )}
          {drawn && (
            <li>
              <svg width={28} height={20} viewBox="0 0 28 20" aria-hidden>
                <path d="M0 10H28" stroke="var(--mantine-color-text)" strokeWidth={2} strokeDasharray="7 5" />
              </svg>
              {text("chart.trend")}
            </li>
          )}
        </ul>
      )}
      {!drawn && (
        <Alert variant="light" color="gray" icon={<IconInfoCircle size={18} />} mt="xs" py="xs">
          {trend.reason}
        </Alert>
      )}
    </ChartFrame>
  );
}
