import { Skeleton, Stack, Table, Text as Paragraph, Title } from "@mantine/core";
import { FormattedDate } from "react-intl";
import { Wide } from "../app/Wide.tsx";
import { Failure } from "../feedback/Failure.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { HistoryChart } from "../reporting/HistoryChart.tsx";
import { useHistory } from "../reporting/queries.ts";
import { authorKind } from "../charts/history.ts";
import { Name } from "./Name.tsx";
import type { Plan } from "./queries.ts";
import type { Scale } from "./scale.ts";
import { Value } from "./Value.tsx";

interface Props {
  plan: Plan;
  item: string;
  title: string;
  scale: Scale | null;
}

/** One item's past: the graph with its trend, and a table of each update with its note (P28). */
export function ItemHistory({ plan, item, title, scale }: Props) {
  const text = useText();
  const updates = plan.items[item]?.updates ?? [];
  const history = useHistory(plan.id, item, updates.length > 0);
  if (updates.length === 0) {
    return (
      <Paragraph size="sm" c="dimmed">
        {text(plan.may.update ? "plan.no-updates-teach" : "plan.no-updates")}
      </Paragraph>
    );
  }
  return (
    <Stack gap="sm">
      <Title order={item === "overall" ? 3 : 4}>
        <Text id="plan.history" />
      </Title>
      {history.isPending && <Skeleton height={280} />}
      {history.isError && <Failure error={history.error} onAgain={() => void history.refetch()} />}
      {history.data && <HistoryChart history={history.data} scale={scale} title={title} />}
      <Wide label={text("plan.updates-of", { item: title })}>
        <Table miw={0} aria-label={text("plan.updates-of", { item: title })}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Text id="plan.column-effective" />
              </Table.Th>
              <Table.Th>
                <Text id="plan.column-status" />
              </Table.Th>
              <Table.Th visibleFrom="sm">
                <Text id="plan.column-note" />
              </Table.Th>
              <Table.Th>
                <Text id="plan.column-author" />
              </Table.Th>
              <Table.Th visibleFrom="sm">
                <Text id="plan.column-recorded" />
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {updates.map((update) => (
              <Table.Tr key={update.recorded}>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <FormattedDate value={`${update.effective}T12:00:00`} dateStyle="medium" />
                </Table.Td>
                <Table.Td>
                  <Value scale={scale} update={update} />
                  {update.note && (
                    <Paragraph size="sm" hiddenFrom="sm" style={{ whiteSpace: "pre-line" }}>
                      <bdi>{update.note}</bdi>
                    </Paragraph>
                  )}
                </Table.Td>
                <Table.Td visibleFrom="sm" style={{ whiteSpace: "pre-line" }}>
                  {update.note && <bdi>{update.note}</bdi>}
                </Table.Td>
                <Table.Td>
                  <Name person={update.by} />
                  <Paragraph size="xs" c="dimmed">
                    {text(`role.${authorKind(update.by.role)}`)}
                  </Paragraph>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <FormattedDate value={update.recorded} dateStyle="medium" timeStyle="short" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Stack>
  );
}
