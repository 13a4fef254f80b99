import { Badge, Table, VisuallyHidden } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { FormattedDate, FormattedNumber } from "react-intl";
import { Link } from "react-router";
import { Text, useText } from "../i18n/text.tsx";
import { Name } from "./Name.tsx";
import { PlanMenu } from "./PlanMenu.tsx";
import classes from "./plans.module.css";
import type { StudentsQuery, Template } from "./queries.ts";
import { SortHeader } from "./SortHeader.tsx";
import { NotYet, StatusChip } from "./StatusChip.tsx";

interface Props {
  template: Template;
  query: StudentsQuery;
  sort: string;
  onSort: (sort: string) => void;
}

const ROW = 45;

/** The students of a template, sorted by the service, drawn only where one looks: 10,000 rows stay smooth. */
export function StudentsTable({ template, query, sort, onSort }: Props) {
  const text = useText();
  const scroll = useRef<HTMLDivElement>(null);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 12 });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastDrawn >= rows.length - 15) void fetchNextPage();
  }, [lastDrawn, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const before = drawn[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroll} className={classes["scroll"]} tabIndex={0} role="region" aria-label={text("template.students")}>
      <Table highlightOnHover aria-rowcount={hasNextPage ? -1 : rows.length + 1}>
        <Table.Thead className={classes["head"] ?? ""}>
          <Table.Tr>
            <SortHeader field="name" sort={sort} onSort={onSort}>
              <Text id="students.column-name" />
            </SortHeader>
            <SortHeader field="status" sort={sort} onSort={onSort}>
              <Text id="students.column-status" />
            </SortHeader>
            <SortHeader field="updated" sort={sort} onSort={onSort} visibleFrom="xs">
              <Text id="students.column-updated" />
            </SortHeader>
            <Table.Th visibleFrom="md">
              <Text id="students.column-school" />
            </Table.Th>
            <Table.Th visibleFrom="sm">
              <Text id="students.column-grade" />
            </Table.Th>
            <Table.Th w={48}>
                  <VisuallyHidden>{text("students.column-actions")}</VisuallyHidden>
                </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {drawn.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            const { student } = row;
            return (
              <Table.Tr key={row.plan} aria-rowindex={index + 2} className={row.status === "open" ? "" : (classes["closed"] ?? "")}>
                <Table.Th scope="row" fw={400}>
                  <Link className={classes["link"]} to={`/plans/${template.id}/students/${student.id}`}>
                    <Name person={student} />
                  </Link>
                  {row.status !== "open" && (
                    <Badge ms="xs" variant="light" color="gray">
                      {text(`status.${row.status}`)}
                    </Badge>
                  )}
                </Table.Th>
                <Table.Td>
                  {row.overall === null ? <NotYet /> : row.overall.colour === null ? <FormattedNumber value={row.overall.value} /> : <StatusChip label={row.overall.label} colour={row.overall.colour} />}
                </Table.Td>
                <Table.Td visibleFrom="xs">{row.updated && <FormattedDate value={row.updated} dateStyle="medium" />}</Table.Td>
                <Table.Td visibleFrom="md">{row.school.name}</Table.Td>
                <Table.Td visibleFrom="sm">{row.grade}</Table.Td>
                <Table.Td>
                  <PlanMenu plan={row.plan} name={student.name} may={row.may} />
                </Table.Td>
              </Table.Tr>
            );
          })}
          {after > 0 && <tr style={{ height: after }} />}
        </Table.Tbody>
      </Table>
    </div>
  );
}
