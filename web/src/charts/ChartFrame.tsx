import { ActionIcon, Group, Table, Tooltip, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartBar, IconDownload, IconTable } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Wide } from "../app/Wide.tsx";
import { useText } from "../i18n/text.tsx";
import classes from "./charts.module.css";
import { csv, saveFile } from "./csv.ts";
import { FactsUpTo } from "./FactsUpTo.tsx";

export interface ChartTable {
  columns: string[];
  rows: (string | number)[][];
}

interface Props {
  /** What the chart is about, for the names of its buttons and its file. */
  name: string;
  /** The finding, in a sentence. */
  sentence: string;
  /** Hides the sentence from sight where the page already says it; it is always read out. */
  quiet?: boolean;
  /** When the newest fact in the figure was recorded; null when there is none. */
  upTo: string | null;
  table: ChartTable;
  children: ReactNode;
}

/** What every chart wears: a caption that states the finding, the same numbers as a table, a download, and how new the facts are. */
export function ChartFrame({ name, sentence, quiet = false, upTo, table, children }: Props) {
  const text = useText();
  const [asTable, { toggle }] = useDisclosure(false);
  const switchLabel = text(asTable ? "chart.show-chart" : "chart.show-table", { name });
  const downloadLabel = text("chart.download", { name });
  return (
    <figure className={classes["figure"]}>
      {asTable ? <ChartNumbers name={name} table={table} /> : children}
      <figcaption>
        <Group gap="xs" justify="space-between">
          {quiet ? <VisuallyHidden>{sentence}</VisuallyHidden> : <span className={classes["sentence"]}>{sentence}</span>}
          <Group gap={4} wrap="nowrap" className={classes["tools"]}>
            <FactsUpTo at={upTo} />
            <Tooltip label={switchLabel}>
              <ActionIcon variant="subtle" color="gray" aria-label={switchLabel} aria-pressed={asTable} onClick={toggle}>
                {asTable ? <IconChartBar size={18} /> : <IconTable size={18} />}
              </ActionIcon>
            </Tooltip>
            <Tooltip label={downloadLabel}>
              <ActionIcon variant="subtle" color="gray" aria-label={downloadLabel} onClick={() => saveFile(`${name}.csv`, new Blob([csv([table.columns, ...table.rows])], { type: "text/csv" }))}>
                <IconDownload size={18} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </figcaption>
    </figure>
  );
}

function ChartNumbers({ name, table }: { name: string; table: ChartTable }) {
  const text = useText();
  return (
    <Wide label={text("chart.numbers", { name })}>
      <Table withTableBorder className={classes["numbers"] ?? ""} aria-label={name}>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.rows.map((row, i) => (
            <Table.Tr key={i}>
              {row.map((value, j) => (
                <Table.Td key={j}>{value}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
