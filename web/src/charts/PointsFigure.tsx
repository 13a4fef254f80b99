import { Tooltip, useDirection } from "@mantine/core";
import { useRef, useState, type KeyboardEvent } from "react";
import { useIntl } from "react-intl";
import { useText } from "../i18n/text.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import classes from "./charts.module.css";
import { along, arrowTo, columnShares } from "./layout.ts";
import { useMarks } from "./marks.ts";

export interface Bin {
  /** Points from this (inclusive) ... */
  from: number;
  /** ... to this (exclusive, except in the last bin). */
  to: number;
  count: number;
}

interface Props {
  bins: readonly Bin[];
  mean: number | null;
  /** How many have points, and how many were never updated. */
  counted: number;
  notYet: number;
  name: string;
  upTo: string | null;
  onAct?: (bin: Bin) => void;
}

/** Points as what they are: a distribution with its mean, never forced into levels (P22). */
export function PointsFigure({ bins, mean, counted, notYet, name, upTo, onAct }: Props) {
  const text = useText();
  const intl = useIntl();
  const { dir } = useDirection();
  const marks = useMarks();
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);
  const [stop, setStop] = useState(0);
  const number = (value: number) => intl.formatNumber(value, { maximumFractionDigits: 1 });
  const low = bins[0]?.from ?? 0;
  const high = bins.at(-1)?.to ?? 1;
  const shares = columnShares(bins.map((bin) => bin.count));
  const { fill } = marks.mark("#177986");
  const described = (bin: Bin) => text("chart.bin", { from: number(bin.from), to: number(bin.to), count: bin.count, total: counted });
  const sentence = mean === null ? text("chart.points-none", { notYet }) : text("chart.points-sentence", { mean: number(mean), counted, notYet });

  const move = (event: KeyboardEvent) => {
    const next = arrowTo(event.key, stop, bins.length, dir === "rtl");
    if (next === null) return;
    event.preventDefault();
    setStop(next);
    buttons.current[next]?.focus();
  };

  return (
    <ChartFrame
      name={name}
      sentence={sentence}
      upTo={upTo}
      table={{ columns: [text("chart.points"), text("chart.students")], rows: [...bins.map((bin) => [`${number(bin.from)} – ${number(bin.to)}`, bin.count]), [text("status.none"), notYet]] }}
    >
      <div className={classes["columns"]} role="toolbar" aria-label={name} onKeyDown={move}>
        {bins.map((bin, i) => (
          <Tooltip key={bin.from} label={described(bin)} events={{ hover: true, focus: true, touch: true }}>
            <button
              type="button"
              className={classes["column"]}
              ref={(element) => {
                buttons.current[i] = element;
              }}
              tabIndex={i === stop ? 0 : -1}
              aria-label={described(bin)}
              aria-disabled={!onAct || bin.count === 0 || undefined}
              style={{ height: `${Math.max(4, (shares[i] ?? 0) * 100)}%`, backgroundColor: bin.count > 0 ? fill : "transparent" }}
              onFocus={() => setStop(i)}
              onClick={() => bin.count > 0 && onAct?.(bin)}
            >
              {bin.count > 0 && bins.length <= 24 && <span className={classes["count"]}>{intl.formatNumber(bin.count)}</span>}
            </button>
          </Tooltip>
        ))}
        {mean !== null && (
          <span className={classes["mean"]} style={{ insetInlineStart: `${along(mean, low, high) * 100}%` }} aria-hidden>
            <span className={classes["meanLabel"]} data-late={along(mean, low, high) > 0.75 || undefined}>
              {text("chart.mean", { mean: number(mean) })}
            </span>
          </span>
        )}
      </div>
      <div className={classes["ends"]} aria-hidden>
        <span>{number(low)}</span>
        <span>{number(high)}</span>
      </div>
    </ChartFrame>
  );
}
