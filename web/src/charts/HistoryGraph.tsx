import { useDirection } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useRef, useState, type KeyboardEvent } from "react";
import { useIntl } from "react-intl";
import { Area, CartesianGrid, ComposedChart, ReferenceLine, ResponsiveContainer, Scatter, XAxis, YAxis } from "recharts";
import { useText } from "../i18n/text.tsx";
import { AuthorMark } from "./AuthorMark.tsx";
import classes from "./charts.module.css";
import { authorKind, bandWithin, dateOf, dayTicks, placesInSpot, type Band, type Line } from "./history.ts";
import { arrowTo } from "./layout.ts";

export interface HistoryPoint {
  day: number;
  value: number;
  /** What the value is called: a level's label, or the number. */
  label: string;
  role: string;
}

/** Something that happened to the whole plan: completed, moved, ... */
export interface HistoryEvent {
  day: number;
  label: string;
}

export interface HistoryScale {
  low: number;
  high: number;
  ticks: { value: number; label: string }[];
}

/** Pixels that a date on the axis needs, the room beside it and the scale's labels among them. */
const TICK = 110;

interface Props {
  name: string;
  points: readonly HistoryPoint[];
  events: readonly HistoryEvent[];
  scale: HistoryScale;
  trend: { line: Line; band: Band } | null;
}

/** Dots by the author's role over the whole scale, the trend dashed. Loaded with the graph alone, as the line-chart library is heavy. */
export default function HistoryGraph({ name, points, events, scale, trend }: Props) {
  const text = useText();
  const intl = useIntl();
  const { dir } = useDirection();
  const dots = useRef<(SVGGElement | null)[]>([]);
  const [stop, setStop] = useState(Math.max(0, points.length - 1));
  const rightToLeft = dir === "rtl";
  const { ref, width } = useElementSize();
  const days = [...points, ...events].map(({ day }) => day);
  const first = Math.min(...days);
  const last = Math.max(...days);
  const margin = Math.max(1, (last - first) * 0.03);
  const date = (day: number) => intl.formatDate(dateOf(day), { day: "numeric", month: "short", timeZone: "UTC" });
  const widest = Math.max(...scale.ticks.map((tick) => tick.label.length));
  const places = placesInSpot(points);

  const move = (event: KeyboardEvent) => {
    const next = arrowTo(event.key, stop, points.length, rightToLeft);
    if (next === null) return;
    event.preventDefault();
    setStop(next);
    dots.current[next]?.focus();
  };

  const dot = ({ cx = 0, cy = 0, index = 0 }: { cx?: number; cy?: number; index?: number }) => {
    const point = points[index];
    if (!point) return <g />;
    const label = text("chart.dot", { date: date(point.day), level: point.label, role: text(`role.${authorKind(point.role)}`) });
    return (
      <g
        ref={(element) => {
          dots.current[index] = element;
        }}
        className={classes["dot"]}
        role="img"
        aria-label={label}
        tabIndex={index === stop ? 0 : -1}
        onFocus={() => setStop(index)}
        transform={`translate(${cx + (rightToLeft ? -1 : 1) * 9 * (places[index] ?? 0)} ${cy})`}
      >
        <title>{label}</title>
        <AuthorMark kind={authorKind(point.role)} />
      </g>
    );
  };

  return (
    // The arrow keys belong to the dots inside; the group only hears them.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div ref={ref} className={classes["graph"]} role="group" aria-label={name} dir="ltr" onKeyDown={move}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart accessibilityLayer={false} data={trend ? bandWithin(trend.band, scale.low, scale.high) : []} margin={{ top: 10, right: 18, bottom: 4, left: 18 }}>
          <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />
          <XAxis
            dataKey="day"
            type="number"
            reversed={rightToLeft}
            domain={[first - margin, last + margin]}
            ticks={dayTicks(first, last, Math.min(6, Math.max(2, Math.floor(width / TICK))))}
            tickFormatter={date}
            stroke="var(--mantine-color-dimmed)"
            tick={{ fill: "var(--mantine-color-text)" }}
          />
          <YAxis
            type="number"
            dataKey="value"
            orientation={rightToLeft ? "right" : "left"}
            domain={[scale.low, scale.high]}
            ticks={scale.ticks.map((tick) => tick.value)}
            tickFormatter={(value: number) => scale.ticks.find((tick) => tick.value === value)?.label ?? ""}
            width={Math.min(170, 16 + widest * 7)}
            interval={0}
            stroke="var(--mantine-color-dimmed)"
            tick={{ fill: "var(--mantine-color-text)" }}
          />
          {events.map((event) => (
            <ReferenceLine key={`${event.day}${event.label}`} x={event.day} ifOverflow="hidden" stroke="var(--mantine-color-dimmed)" strokeDasharray="2 3" label={<EventFlag label={`${date(event.day)}: ${event.label}`} />} />
          ))}
          {trend && <Area dataKey="range" stroke="none" fill="var(--mantine-color-dimmed)" fillOpacity={0.16} isAnimationActive={false} activeDot={false} />}
          {trend && (
            <ReferenceLine
              ifOverflow="hidden"
              segment={[
                { x: trend.line.from.day, y: trend.line.from.value },
                { x: trend.line.to.day, y: trend.line.to.value },
              ]}
              stroke="var(--mantine-color-text)"
              strokeWidth={2}
              strokeDasharray="7 5"
            />
          )}
          <Scatter data={points.map((point) => ({ ...point }))} dataKey="value" shape={dot} isAnimationActive={false} />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

/** The head of an event's line. Recharts hands over where the line stands. */
function EventFlag({ label, viewBox = { x: 0, y: 0 } }: { label: string; viewBox?: { x: number; y: number } }) {
  return (
    <g transform={`translate(${viewBox.x} ${viewBox.y})`} role="img" aria-label={label}>
      <title>{label}</title>
      <path d="M-6 -8H6L0 1Z" fill="var(--mantine-color-dimmed)" />
    </g>
  );
}
