import { Table } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./plans.module.css";

interface Props {
  field: string;
  /** The field that is sorted by now, with a minus in front for downwards. */
  sort: string;
  onSort: (sort: string) => void;
  visibleFrom?: string;
  children: ReactNode;
}

/** A column's heading that sorts by it, and turns the order when it already does. */
export function SortHeader({ field, sort, onSort, visibleFrom, children }: Props) {
  const up = sort === field;
  const down = sort === `-${field}`;
  const Arrow = up ? IconArrowUp : down ? IconArrowDown : IconArrowsSort;
  return (
    <Table.Th aria-sort={up ? "ascending" : down ? "descending" : "none"} {...(visibleFrom && { visibleFrom })}>
      <button type="button" className={classes["sortable"]} onClick={() => onSort(up ? `-${field}` : field)}>
        {children}
        <Arrow size={15} aria-hidden opacity={up || down ? 1 : 0.45} />
      </button>
    </Table.Th>
  );
}
