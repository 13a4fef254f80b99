import { Paper, Stack, Text as Paragraph, Title } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useOutletContext } from "react-router";
import { Legend } from "../charts/Legend.tsx";
import { Empty } from "../feedback/Empty.tsx";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { BarFigure } from "../reporting/BarFigure.tsx";
import { segmentsOf } from "../reporting/bars.ts";
import { GroupFilters } from "../reporting/GroupFilters.tsx";
import { useBars, type Bar } from "../reporting/queries.ts";
import { SegmentStudents, type ChosenSegment } from "../reporting/SegmentStudents.tsx";
import { useGroupFilter } from "../reporting/useGroupFilter.ts";
import type { Template } from "./queries.ts";
import { RichText } from "./RichText.tsx";

/** Which step holds them back? A bar an item, in the template's order; behind each segment its students. */
export function DetailsTab() {
  const template = useOutletContext<Template>();
  const text = useText();
  const { values } = useGroupFilter();
  const bars = useBars(template.id, values);
  const [chosen, choose] = useState<ChosenSegment | null>(null);
  const guidance = new Map(template.sections.flatMap((section) => section.items.map((item) => [item.id, item.guidance])));
  const act = (bar: Bar) => (segment: string, label: string) => choose({ item: bar.item, title: bar.title, segment, label });

  return (
    <Stack gap="md">
      {template.description && <RichText html={template.description} />}
      <GroupFilters template={template.id} counts />
      {bars.isPending && <Waiting rows={6} height={64} />}
      {bars.isError && <Failure error={bars.error} onAgain={() => void bars.refetch()} />}
      {bars.isSuccess && bars.data.n === 0 && <Empty icon={IconChartBar} title="details.none" teach="details.none-teach" />}
      {bars.isSuccess && bars.data.n > 0 && (
        <>
          <Legends bars={bars.data.sections.flatMap((section) => section.items)} />
          {bars.data.sections.map((section) => (
            <Paper key={section.id} withBorder p="md" component="section" aria-label={section.title}>
              <Title order={2} mb="sm">
                {section.title}
              </Title>
              <Stack gap="lg">
                {section.items.map((bar) => (
                  <div key={bar.item}>
                    <Title order={3} mb={4}>
                      {bar.title}
                    </Title>
                    {guidance.get(bar.item) && (
                      <Paragraph size="sm" c="dimmed" mb={6} style={{ whiteSpace: "pre-line" }}>
                        {guidance.get(bar.item)}
                      </Paragraph>
                    )}
                    <BarFigure bar={bar} name={bar.title} upTo={bars.data.newest} legend={false} onAct={act(bar)} actHint={text("chart.students-hint")} />
                  </div>
                ))}
              </Stack>
            </Paper>
          ))}
        </>
      )}
      <SegmentStudents template={template.id} filter={values} chosen={chosen} onClose={() => choose(null)} />
    </Stack>
  );
}

/** One legend for all bars of the same scale. */
function Legends({ bars }: { bars: readonly Bar[] }) {
  const text = useText();
  const legends = useMemo(() => {
    const seen = new Map<string, ReturnType<typeof segmentsOf>>();
    for (const bar of bars) {
      if (bar.kind !== "levels") continue;
      const segments = segmentsOf(bar, text("status.none"));
      seen.set(segments.map(({ key, label, colour }) => `${key}${label}${colour ?? ""}`).join("|"), segments);
    }
    return [...seen.values()];
  }, [bars, text]);
  if (legends.length === 0) return null;
  return (
    <Paper withBorder p="sm" component="section" aria-label={text("details.legend")}>
      <Paragraph size="sm" c="dimmed" mb={4}>
        <Text id="details.legend-explained" />
      </Paragraph>
      <Stack gap={4}>
        {legends.map((segments) => (
          <Legend key={segments.map(({ key, label }) => key + label).join()} segments={segments} />
        ))}
      </Stack>
    </Paper>
  );
}
