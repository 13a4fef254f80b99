import { Badge, Button, Collapse, Group, Stack, Text as Paragraph, Title, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconEye, IconEyeOff } from "@tabler/icons-react";
import { useId } from "react";
import { FormattedDate } from "react-intl";
import { useSay } from "../feedback/Notices.tsx";
import { useProblemText } from "../feedback/problemText.ts";
import { Text, useText } from "../i18n/text.tsx";
import { ItemHistory } from "./ItemHistory.tsx";
import classes from "./plans.module.css";
import { useHide, type Plan } from "./queries.ts";
import type { Scale } from "./scale.ts";
import { UpdateForm } from "./UpdateForm.tsx";
import { Value } from "./Value.tsx";

interface Props {
  plan: Plan;
  /** An item's id, or `overall`. */
  item: string;
  title: string;
  guidance: string;
  scale: Scale | null;
  opened: boolean;
  onToggle: () => void;
}

/** One item of a student's plan: its status in a line; open, how it came to that and the form to record the next. */
export function PlanItem({ plan, item, title, guidance, scale, opened, onToggle }: Props) {
  const text = useText();
  const say = useSay();
  const problem = useProblemText();
  const id = useId();
  const hide = useHide(plan.id);
  const state = plan.items[item];
  const hidden = state?.hidden ?? false;
  const current = state?.current ?? null;
  const turn = (to: boolean) =>
    hide.mutate(
      { item, hidden: to },
      {
        onSuccess: () => say(text(to ? "plan.hidden-said" : "plan.shown-said", { item: title }), to ? () => turn(false) : undefined),
        onError: (error) => say(problem(error)),
      },
    );

  return (
    <div className={classes["item"]}>
      <div className={classes["line"]}>
        <div className={classes["what"]}>
          <Title order={item === "overall" ? 2 : 3} c={hidden ? "dimmed" : undefined}>
            <UnstyledButton className={classes["toggle"]} aria-expanded={opened} aria-controls={id} onClick={onToggle}>
              <IconChevronDown size={18} aria-hidden className={classes["chevron"]} data-opened={opened || undefined} />
              <span>
                {title}
                {hidden && (
                  <Badge ms="xs" variant="light" color="gray">
                    <Text id="plan.hidden" />
                  </Badge>
                )}
              </span>
            </UnstyledButton>
          </Title>
          {guidance && (
            <Paragraph size="sm" c="dimmed" ps={26} style={{ whiteSpace: "pre-line" }}>
              {guidance}
            </Paragraph>
          )}
        </div>
        {!hidden && (
          <div className={classes["stands"]}>
            <Value scale={scale} update={current} />
            {current && (
              <Paragraph size="xs" c="dimmed">
                <FormattedDate value={`${current.effective}T12:00:00`} dateStyle="medium" />
              </Paragraph>
            )}
          </div>
        )}
      </div>
      <Collapse expanded={opened} id={id}>
        {opened && (
          <Stack gap="md" pt="sm" ps={{ base: 0, sm: 26 }}>
            {plan.may.update && !hidden && <UpdateForm plan={plan} item={item} title={title} scale={scale} />}
            <ItemHistory plan={plan} item={item} title={title} scale={scale} />
            {item !== "overall" && plan.may.customise && (
              <Group className="no-print">
                <Button variant="subtle" size="compact-sm" leftSection={hidden ? <IconEye size={16} /> : <IconEyeOff size={16} />} loading={hide.isPending} onClick={() => turn(!hidden)}>
                  {text(hidden ? "plan.show" : "plan.hide", { name: plan.student.name ?? text("person.no-name") })}
                </Button>
              </Group>
            )}
          </Stack>
        )}
      </Collapse>
    </div>
  );
}
