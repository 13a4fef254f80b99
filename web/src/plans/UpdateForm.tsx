import { Button, Group, NumberInput, Paper, Radio, Stack, Text as Paragraph, Textarea, TextInput } from "@mantine/core";
import type { SubmitEvent } from "react";
import { Failure } from "../feedback/Failure.tsx";
import { useErrorAt } from "../feedback/problemText.ts";
import { useSay } from "../feedback/Notices.tsx";
import { useDraft } from "../feedback/useDraft.ts";
import { Text, useText } from "../i18n/text.tsx";
import { useMe } from "../roster/queries.ts";
import { useUpdateItem, type Plan } from "./queries.ts";
import type { Scale } from "./scale.ts";
import { StatusChip } from "./StatusChip.tsx";

interface Props {
  plan: Plan;
  item: string;
  title: string;
  scale: Scale | null;
}

interface Draft {
  value: string;
  note: string;
  /** Empty means today. */
  effective: string;
}

const BLANK: Draft = { value: "", note: "", effective: "" };

/** Records one update. What is typed stays until the service has confirmed it. */
export function UpdateForm({ plan, item, title, scale }: Props) {
  const text = useText();
  const say = useSay();
  const me = useMe();
  const { value: draft, restored, change, clear } = useDraft<Draft>(`update.${plan.id}.${item}`, BLANK);
  const update = useUpdateItem(plan.id, item);
  const today = me.data?.district.today ?? "";
  const errorAt = useErrorAt(update.error);
  const typed = (part: Partial<Draft>) => change({ ...draft, ...part });

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (draft.value === "") return;
    update.mutate(
      {
        value: scale === null ? draft.value : Number(draft.value),
        ...(draft.note.trim() && { note: draft.note }),
        ...(draft.effective && { effective: draft.effective }),
      },
      {
        onSuccess: () => {
          clear(BLANK);
          say(text("update.saved", { item: title }));
        },
      },
    );
  };

  return (
    <Paper component="form" withBorder p="sm" onSubmit={save} aria-label={text("update.form", { item: title })} className="no-print">
      <Stack gap="sm">
        {restored && (
          <Paragraph size="sm" c="dimmed">
            <Text id="update.restored" />
          </Paragraph>
        )}
        {scale?.kind === "levels" && (
          <Radio.Group label={text("update.status")} value={draft.value} onChange={(value) => typed({ value })} error={errorAt("/value")}>
            <Group gap="md" mt={6}>
              {scale.levels.map((level) => (
                <Radio key={level.code} value={String(level.code)} label={<StatusChip label={level.label} colour={level.colour} />} />
              ))}
            </Group>
          </Radio.Group>
        )}
        {scale?.kind === "points" && (
          <NumberInput
            maw={220}
            label={text("update.points")}
            description={text("scale.points-range", { from: scale.minimum, to: scale.maximum })}
            min={scale.minimum}
            max={scale.maximum}
            clampBehavior="none"
            value={draft.value}
            onChange={(value) => typed({ value: String(value) })}
            error={errorAt("/value")}
          />
        )}
        {scale === null && <Textarea autosize minRows={2} label={text("update.text")} value={draft.value} onChange={(event) => typed({ value: event.currentTarget.value })} error={errorAt("/value")} />}
        <Group align="flex-start" gap="md">
          <Textarea
            flex="2 1 16rem"
            autosize
            minRows={1}
            label={text("update.note")}
            description={text("update.note-optional")}
            value={draft.note}
            onChange={(event) => typed({ note: event.currentTarget.value })}
            error={errorAt("/note")}
          />
          <TextInput
            type="date"
            label={text("update.effective")}
            description={text("update.effective-explained")}
            max={today}
            value={draft.effective || today}
            onChange={(event) => typed({ effective: event.currentTarget.value === today ? "" : event.currentTarget.value })}
            error={errorAt("/effective")}
          />
        </Group>
        {update.isError && <Failure error={update.error} title="update.not-saved" />}
        <Group>
          <Button type="submit" loading={update.isPending} disabled={draft.value === ""}>
            <Text id="update.save" />
          </Button>
          {(draft.value !== "" || draft.note !== "") && (
            <Button variant="subtle" onClick={() => clear(BLANK)}>
              <Text id="action.discard" />
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
