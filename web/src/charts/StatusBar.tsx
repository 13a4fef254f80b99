import { Tooltip, useDirection } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useRef, useState, type KeyboardEvent } from "react";
import { useIntl } from "react-intl";
import { useText } from "../i18n/text.tsx";
import classes from "./charts.module.css";
import { arrowTo, barSpans, fittingLabel } from "./layout.ts";
import { useMarks } from "./marks.ts";
import { notYetTexture, texture } from "./pattern.ts";
import { SHARE, totalOf, type Segment } from "./segments.ts";

interface Props {
  segments: readonly Segment[];
  /** What the bar is about; its name to a screen reader. */
  name: string;
  /** Called with the segment that was clicked or entered. Without it the bar is a picture. */
  onAct?: (segment: Segment) => void;
  /** What acting does, in the tooltip's words. */
  actHint?: string;
  /** The key of the segment that a filter shows now. */
  chosen?: string | null;
  thin?: boolean;
}

/** One stacked horizontal bar: segments in scale order, not yet updated hatched grey at the end, one tab stop with arrow keys inside. */
export function StatusBar({ segments, name, onAct, actHint, chosen = null, thin = false }: Props) {
  const text = useText();
  const intl = useIntl();
  const { dir } = useDirection();
  const marks = useMarks();
  const { ref, width } = useElementSize();
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);
  const [stop, setStop] = useState(0);

  const total = totalOf(segments);
  const shown = segments.map((segment, place) => ({ segment, place })).filter(({ segment }) => segment.count > 0);
  const spans = barSpans(shown.map(({ segment }) => segment.count), width);
  const at = Math.min(stop, Math.max(0, shown.length - 1));

  const described = (segment: Segment) =>
    text("chart.segment", { level: segment.label, count: segment.count, total, share: intl.formatNumber(segment.percent / 100, SHARE) });

  if (total === 0) {
    return (
      <div className={classes["bar"]} data-thin={thin || undefined} role="img" aria-label={text("chart.nobody-named", { name })}>
        {!thin && <span className={classes["nobody"]}>{text("chart.nobody")}</span>}
      </div>
    );
  }

  const move = (event: KeyboardEvent) => {
    const next = arrowTo(event.key, at, shown.length, dir === "rtl");
    if (next === null) return;
    event.preventDefault();
    setStop(next);
    buttons.current[next]?.focus();
  };

  const parts = shown.map(({ segment, place }, i) => {
    const { fill, ink } = segment.colour === null ? { fill: marks.notYet, ink: "#000000" as const } : marks.mark(segment.colour);
    const label = thin ? null : fittingLabel([`${segment.label} ${intl.formatNumber(segment.count)}`, intl.formatNumber(segment.count)], spans[i]?.size ?? 0);
    const look = {
      className: classes["part"],
      style: {
        insetInlineStart: spans[i]?.start ?? 0,
        width: spans[i]?.size ?? 0,
        backgroundColor: fill,
        ...(segment.colour === null ? notYetTexture(marks.surface) : texture(place, ink)),
      },
    };
    const inside = label && (
      <span className={classes["label"]} style={{ backgroundColor: fill, color: ink }}>
        {label}
      </span>
    );
    return (
      <Tooltip key={segment.key} label={onAct && actHint ? `${described(segment)}. ${actHint}` : described(segment)} events={{ hover: true, focus: true, touch: true }}>
        {onAct ? (
          <button
            type="button"
            {...look}
            ref={(element) => {
              buttons.current[i] = element;
            }}
            tabIndex={i === at ? 0 : -1}
            aria-label={described(segment)}
            aria-pressed={chosen === null ? undefined : chosen === segment.key}
            onFocus={() => setStop(i)}
            onClick={() => onAct(segment)}
          >
            {inside}
          </button>
        ) : (
          <span {...look}>{inside}</span>
        )}
      </Tooltip>
    );
  });

  return onAct ? (
    <div ref={ref} className={classes["bar"]} data-thin={thin || undefined} role="toolbar" aria-label={name} onKeyDown={move}>
      {parts}
    </div>
  ) : (
    <div ref={ref} className={classes["bar"]} data-thin={thin || undefined} role="img" aria-label={`${name}: ${shown.map(({ segment }) => described(segment)).join("; ")}`}>
      {parts}
    </div>
  );
}
