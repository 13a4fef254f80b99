import { Text as Paragraph } from "@mantine/core";
import { useText } from "../i18n/text.tsx";
import { PointsFigure } from "../charts/PointsFigure.tsx";
import { StatusFigure } from "../charts/StatusFigure.tsx";
import { answeredOf, segmentsOf } from "./bars.ts";
import type { Bar } from "./queries.ts";

interface Props {
  bar: Bar;
  name: string;
  upTo: string | null;
  legend?: boolean;
  chosen?: string | null;
  /** Called with the code of the segment that was chosen: a level's, `not-yet` or `answered`. */
  onAct?: (code: string, label: string) => void;
  actHint?: string;
}

/** One item's distribution in the form that its scale asks for. */
export function BarFigure({ bar, name, upTo, onAct, ...more }: Props) {
  const text = useText();
  const acting = onAct && { onAct: (segment: { key: string; label: string }) => onAct(segment.key, segment.label) };
  const hidden = bar.hidden > 0 && (
    <Paragraph size="xs" c="dimmed">
      {text("chart.hidden", { count: bar.hidden })}
    </Paragraph>
  );
  switch (bar.kind) {
    case "levels":
      return (
        <>
          <StatusFigure segments={segmentsOf(bar, text("status.none"))} name={name} upTo={upTo} {...acting} {...more} />
          {hidden}
        </>
      );
    case "points":
      return (
        <>
          <PointsFigure bins={bar.buckets} mean={bar.mean} counted={bar.answered} notYet={bar.not_yet} name={name} upTo={upTo} {...(onAct && { onAct: () => onAct("answered", text("chart.answered")) })} />
          {hidden}
        </>
      );
    case "text":
      return (
        <>
          <StatusFigure
            segments={answeredOf(bar, text("chart.answered"), text("status.none"))}
            name={name}
            upTo={upTo}
            {...acting}
            {...more}
          />
          {hidden}
        </>
      );
  }
}
