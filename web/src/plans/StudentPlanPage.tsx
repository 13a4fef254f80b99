import { Alert, Anchor, Badge, Button, Group, Paper, Stack, Text as Paragraph, Title } from "@mantine/core";
import { IconCircleCheck, IconLock, IconPrinter, IconRotate, IconUserMinus } from "@tabler/icons-react";
import { FormattedDate } from "react-intl";
import { Link, useParams } from "react-router";
import { FailedPage } from "../app/FailedPage.tsx";
import { PageTitle } from "../app/PageTitle.tsx";
import { useFilter } from "../app/useFilter.ts";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { Name } from "./Name.tsx";
import { PlanItem } from "./PlanItem.tsx";
import { scaleFrom, usePlan, type Plan } from "./queries.ts";
import { RichText } from "./RichText.tsx";
import type { Scale } from "./scale.ts";
import { usePlanMoves } from "./usePlanMoves.tsx";

const OVERALL = "overall";
const SEPARATOR = " · ";

/** How did we get here? One student's plan: overall status, every item, and behind each its history. */
export function StudentPlanPage() {
  const { template = "", student = "" } = useParams();
  const id = `${template}.${student}`;
  const plan = usePlan(id);
  const { get, set } = useFilter();
  const text = useText();

  if (plan.isPending) return <Waiting rows={8} />;
  if (plan.isError) return <FailedPage error={plan.error} onAgain={() => void plan.refetch()} />;
  const shown = plan.data.body;
  const scaleOf = (scale: string | null): Scale | null => {
    const found = scale === null ? undefined : shown.template.scales[scale];
    return found ? scaleFrom(found) : null;
  };
  const open = get("item");
  const item = (key: string, title: string, guidance: string, scale: string | null) => (
    <PlanItem
      key={key}
      plan={shown}
      item={key}
      title={title}
      guidance={guidance}
      scale={scaleOf(scale)}
      opened={open === key}
      onToggle={() => set({ item: open === key ? null : key })}
    />
  );

  return (
    <Stack gap="md">
      <div>
        <Anchor component={Link} to={`/plans/${template}`} size="sm" className="no-print">
          {shown.template.title}
        </Anchor>
        <Group justify="space-between" align="flex-start" gap="xs">
          <div>
            <Group gap="sm">
              <PageTitle>{shown.student.name ?? text("person.no-name")}</PageTitle>
              {shown.status !== "open" && (
                <Badge variant="light" color="gray" size="lg">
                  {text(`status.${shown.status}`)}
                </Badge>
              )}
            </Group>
            <Paragraph c="dimmed" size="sm">
              {text("plan.place", { school: shown.school.name, grade: shown.grade })}
            </Paragraph>
          </div>
          <PlanActions plan={shown} id={id} />
        </Group>
      </div>
      {shown.status !== "open" && (
        <Alert variant="light" color="gray" icon={<IconLock size={20} />} title={text(`plan.is-${shown.status}-title`)}>
          {text(`plan.is-${shown.status}-explained`)}
        </Alert>
      )}
      <Paper withBorder p="md">{item(OVERALL, text("plan.overall"), "", shown.template.overall)}</Paper>
      {shown.template.description && <RichText html={shown.template.description} />}
      {shown.template.sections.map((section) => (
        <Paper key={section.id} withBorder p="md" component="section" aria-label={section.title}>
          <Title order={2} mb="xs">
            {section.title}
          </Title>
          {section.items.map((one) => item(one.id, one.title, one.guidance, one.scale))}
        </Paper>
      ))}
      <PlanEvents plan={shown} />
    </Stack>
  );
}

function PlanActions({ plan, id }: { plan: Plan; id: string }) {
  const { complete, remove, reactivate, dialog } = usePlanMoves(id, plan.student.name);
  const { may } = plan;
  return (
    <Group gap="xs" className="no-print">
      {may.complete && (
        <Button variant="default" leftSection={<IconCircleCheck size={18} />} onClick={complete}>
          <Text id="plan.complete" />
        </Button>
      )}
      {may.reactivate && (
        <Button variant="default" leftSection={<IconRotate size={18} />} onClick={reactivate}>
          <Text id="plan.reactivate" />
        </Button>
      )}
      {may.remove && (
        <Button variant="default" leftSection={<IconUserMinus size={18} />} onClick={remove}>
          <Text id="plan.remove" />
        </Button>
      )}
      <Button variant="default" leftSection={<IconPrinter size={18} />} onClick={() => window.print()}>
        <Text id="action.print" />
      </Button>
      {dialog}
    </Group>
  );
}

function PlanEvents({ plan }: { plan: Plan }) {
  const text = useText();
  // Hiding and showing an item is told in its history.
  const events = plan.events.filter(({ kind }) => kind !== "hidden" && kind !== "shown");
  if (events.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="events">
      <Title order={2} id="events" mb="xs">
        <Text id="plan.events" />
      </Title>
      <Stack component="ol" gap={4} m={0} ps="lg">
        {events.map((event) => (
          <li key={`${event.kind}${event.recorded}`}>
            <Paragraph size="sm">
              <FormattedDate value={`${event.effective}T12:00:00`} dateStyle="medium" />
              {SEPARATOR}
              {text(`happened.${event.kind}`)}
              {event.by && (
                <>
                  {SEPARATOR}
                  <Name person={event.by} />
                </>
              )}
            </Paragraph>
          </li>
        ))}
      </Stack>
    </Paper>
  );
}
