import { Drawer, Stack, Table, Text as Paragraph } from "@mantine/core";
import { FormattedDate } from "react-intl";
import { Link } from "react-router";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { LoadMore } from "../plans/LoadMore.tsx";
import { Name } from "../plans/Name.tsx";
import classes from "../plans/plans.module.css";
import { useSegmentStudents } from "./queries.ts";
import type { GroupFilter } from "./useGroupFilter.ts";

export interface ChosenSegment {
  item: string;
  title: string;
  /** A level's code, `not-yet`, `hidden` or `answered`. */
  segment: string;
  label: string;
}

interface Props {
  template: string;
  filter: GroupFilter;
  chosen: ChosenSegment | null;
  onClose: () => void;
}

/** The students behind a segment, beside the chart that was asked (P23). */
export function SegmentStudents({ template, filter, chosen, onClose }: Props) {
  const text = useText();
  return (
    <Drawer
      opened={chosen !== null}
      onClose={onClose}
      title={chosen && text("segment.title", { item: chosen.title, level: chosen.label })}
      closeButtonProps={{ "aria-label": text("action.close") }}
    >
      {chosen && <Members template={template} filter={filter} chosen={chosen} />}
    </Drawer>
  );
}

function Members({ template, filter, chosen }: { template: string; filter: GroupFilter; chosen: ChosenSegment }) {
  const text = useText();
  const students = useSegmentStudents(template, chosen.item, chosen.segment, filter);
  const rows = students.data?.pages.flatMap((page) => page.items) ?? [];
  if (students.isPending) return <Waiting rows={8} />;
  if (students.isError) return <Failure error={students.error} onAgain={() => void students.refetch()} />;
  if (rows.length === 0) return <Paragraph c="dimmed">{text("segment.nobody")}</Paragraph>;
  return (
    <Stack gap={0}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Text id="students.column-name" />
            </Table.Th>
            <Table.Th>
              <Text id="students.column-grade" />
            </Table.Th>
            <Table.Th>
              <Text id="segment.column-since" />
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.plan}>
              <Table.Th scope="row" fw={400}>
                <Link className={classes["link"]} to={`/plans/${template}/students/${row.student.id}?item=${encodeURIComponent(chosen.item)}`}>
                  <Name person={row.student} />
                </Link>
              </Table.Th>
              <Table.Td>{row.grade}</Table.Td>
              <Table.Td>{row.effective && <FormattedDate value={`${row.effective}T12:00:00`} dateStyle="medium" />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <LoadMore query={students} />
    </Stack>
  );
}
