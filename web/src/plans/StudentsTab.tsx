import { Badge, Button, Group, Paper, SegmentedControl, Stack, Text as Paragraph, TextInput, Title } from "@mantine/core";
import { IconSearch, IconUserPlus, IconX } from "@tabler/icons-react";
import { useOutletContext } from "react-router";
import { useFilter } from "../app/useFilter.ts";
import { useSearchText } from "../app/useSearchText.ts";
import { Empty } from "../feedback/Empty.tsx";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { BarFigure } from "../reporting/BarFigure.tsx";
import { NOT_YET } from "../reporting/bars.ts";
import { GroupFilters } from "../reporting/GroupFilters.tsx";
import { useBars } from "../reporting/queries.ts";
import { useGroupFilter } from "../reporting/useGroupFilter.ts";
import classes from "./plans.module.css";
import { useStudents, type Template } from "./queries.ts";
import { StudentsTable } from "./StudentsTable.tsx";

const STATUSES = ["all", "open", "completed", "removed"] as const;

/** Who needs me? The overall bar, and everybody behind it. */
export function StudentsTab() {
  const template = useOutletContext<Template>();
  const text = useText();
  const { get, oneOf, set } = useFilter();
  const { values, any } = useGroupFilter();
  const groups = { school: values.school, grade: values.grade, section: values.section };
  const { asked, typed, type } = useSearchText();
  const status = oneOf("status", STATUSES);
  const value = /^(not-yet|-?\d+(\.\d+)?)$/.test(get("value")) ? get("value") : "";
  const sort = oneOf("sort", ["name", "-name", "status", "-status", "updated", "-updated"]);
  const bars = useBars(template.id, groups);
  const students = useStudents(template.id, { school: values.school?.[0], grade: values.grade?.[0], section: values.section?.[0], search: asked, status, sort, value: value === NOT_YET ? "none" : value });
  const overall = bars.data?.overall;
  const counts = students.data?.pages[0]?.counts;
  const nobody = students.isSuccess && students.data.pages[0]?.items.length === 0;
  const narrowed = Boolean(asked || value || any || status !== "all");
  const chosenLabel = value === NOT_YET ? text("status.none") : overall?.kind === "levels" ? overall.segments.find((segment) => String(segment.code) === value)?.label : undefined;

  if (nobody && !narrowed) {
    return (
      <Empty icon={IconUserPlus} title="students.none" teach={template.may.assign ? "students.none-teach" : "students.none-teach-reader"}>
        {template.may.assign && (
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => set({ add: "1" })}>
            <Text id="students.add" />
          </Button>
        )}
      </Empty>
    );
  }

  return (
    <Stack gap="md">
      <GroupFilters template={template.id} counts={false} />
      <Paper withBorder p="md" component="section" aria-labelledby="overall">
        <Group justify="space-between" mb="xs">
          <Title order={2} id="overall">
            <Text id="plan.overall" />
          </Title>
          {bars.data && (
            <Paragraph fw={600}>
              <Text id="template.students-open" values={{ count: bars.data.n }} />
            </Paragraph>
          )}
        </Group>
        {bars.isPending && <Waiting rows={1} height={106} />}
        {bars.isError && <Failure error={bars.error} onAgain={() => void bars.refetch()} />}
        {bars.data && overall && (
          <div className={classes["answer"]} data-stale={bars.isPlaceholderData || undefined}>
            <BarFigure
              bar={overall}
              name={text("plan.overall")}
              upTo={bars.data.newest}
              chosen={value || null}
              {...(overall.kind === "levels" && { onAct: (code: string) => set({ value: code === value ? null : code }), actHint: text("chart.filter-hint") })}
            />
          </div>
        )}
      </Paper>
      <Group>
        <TextInput
          type="search"
          flex="1 1 14rem"
          maw={420}
          aria-label={text("students.search")}
          placeholder={text("students.search")}
          leftSection={<IconSearch size={17} />}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={text("students.which")}
          value={status}
          onChange={(next) => set({ status: next === "all" ? null : next })}
          data={STATUSES.map((key) => ({ value: key, label: text(`students.only-${key}`, { count: key === "all" ? 0 : (counts?.[key] ?? 0) }) }))}
        />
        {value && (
          <Badge
            size="lg"
            variant="light"
            tt="none"
            rightSection={
              <Button size="compact-xs" variant="transparent" px={2} aria-label={text("filter.clear-segment", { level: chosenLabel ?? value })} onClick={() => set({ value: null })}>
                <IconX size={14} />
              </Button>
            }
          >
            {chosenLabel ?? value}
          </Badge>
        )}
      </Group>
      {students.isPending && <Waiting rows={8} />}
      {students.isError && <Failure error={students.error} onAgain={() => void students.refetch()} />}
      {nobody && <Empty icon={IconSearch} title="students.none-found" teach="students.none-found-teach" />}
      {students.isSuccess && !nobody && (
        <div className={classes["answer"]} data-stale={students.isPlaceholderData || undefined}>
          <StudentsTable template={template} query={students} sort={sort} onSort={(next) => set({ sort: next })} />
        </div>
      )}
    </Stack>
  );
}
