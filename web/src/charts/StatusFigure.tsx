import { Stack } from "@mantine/core";
import { useIntl } from "react-intl";
import { useText } from "../i18n/text.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import { Legend } from "./Legend.tsx";
import { largest, SHARE, totalOf, type Segment } from "./segments.ts";
import { StatusBar } from "./StatusBar.tsx";

interface Props {
  segments: readonly Segment[];
  name: string;
  upTo: string | null;
  onAct?: (segment: Segment) => void;
  actHint?: string;
  chosen?: string | null;
  /** False where one legend serves many bars. */
  legend?: boolean;
}

/** A status distribution with all that a chart owes its reader. */
export function StatusFigure({ segments, name, upTo, legend = true, ...bar }: Props) {
  const text = useText();
  const intl = useIntl();
  const total = totalOf(segments);
  const share = ({ percent }: Segment) => intl.formatNumber(percent / 100, SHARE);
  const most = largest(segments);
  const sentence = most ? text("chart.status-sentence", { level: most.label, count: most.count, total, share: share(most) }) : text("chart.nobody");
  return (
    <ChartFrame
      name={name}
      sentence={sentence}
      upTo={upTo}
      table={{ columns: [text("chart.level"), text("chart.students"), text("chart.share")], rows: segments.map((segment) => [segment.label, segment.count, share(segment)]) }}
    >
      <Stack gap={6}>
        <StatusBar segments={segments} name={name} {...bar} />
        {legend && <Legend segments={segments} />}
      </Stack>
    </ChartFrame>
  );
}
