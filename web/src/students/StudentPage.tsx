import { Badge, Group, Paper, Stack, Table, Text as Paragraph, Title } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { FormattedDate, FormattedNumber } from "react-intl";
import { Link, useParams } from "react-router";
import { FailedPage } from "../app/FailedPage.tsx";
import { PageTitle } from "../app/PageTitle.tsx";
import { Empty } from "../feedback/Empty.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import classes from "../plans/plans.module.css";
import { usePlansOf } from "../plans/queries.ts";
import { NotYet, StatusChip } from "../plans/StatusChip.tsx";
import { useStudent } from "../roster/queries.ts";

/** One student, reached from everywhere: the plans the student is on. */
export function StudentPage() {
  const { student: id = "" } = useParams();
  const text = useText();
  const student = useStudent(id);
  const plans = usePlansOf(id);
  const failed = [student, plans].find((query) => query.isError);
  if (failed) return <FailedPage error={failed.error} onAgain={() => void failed.refetch()} />;
  if (!student.data || !plans.data) return <Waiting rows={5} />;
  const { name, school, grade } = student.data;
  return (
    <Stack gap="md">
      <div>
        <PageTitle>{name ?? text("person.no-name")}</PageTitle>
        <Paragraph c="dimmed" size="sm">
          {[school?.name, grade && text("add.grade", { grade })].filter(Boolean).join(" · ")}
        </Paragraph>
      </div>
      {plans.data.length === 0 ? (
        <Empty icon={IconListCheck} title="student.no-plans" teach="student.no-plans-teach" />
      ) : (
        <Paper withBorder p="md" component="section" aria-labelledby="plans">
          <Title order={2} id="plans" mb="xs">
            <Text id="student.plans" />
          </Title>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Text id="plans.column-title" />
                </Table.Th>
                <Table.Th>
                  <Text id="plan.overall" />
                </Table.Th>
                <Table.Th visibleFrom="xs">
                  <Text id="plans.column-updated" />
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {plans.data.map((row) => (
                <Table.Tr key={row.plan}>
                  <Table.Th scope="row" fw={400}>
                    <Group gap="xs">
                      <Link className={classes["link"]} to={`/plans/${row.template.id}/students/${id}`}>
                        {row.template.title}
                      </Link>
                      {row.status !== "open" && (
                        <Badge variant="light" color="gray">
                          {text(`status.${row.status}`)}
                        </Badge>
                      )}
                    </Group>
                  </Table.Th>
                  <Table.Td>{row.overall === null ? <NotYet /> : row.overall.colour === null ? <FormattedNumber value={row.overall.value} /> : <StatusChip label={row.overall.label} colour={row.overall.colour} />}</Table.Td>
                  <Table.Td visibleFrom="xs">{row.updated && <FormattedDate value={row.updated} dateStyle="medium" />}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </Stack>
  );
}
