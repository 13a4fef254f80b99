import { ActionIcon, Button, ColorInput, Group, NumberInput, Radio, Stack, Text as Paragraph, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState, type SubmitEvent } from "react";
import { Failure } from "../feedback/Failure.tsx";
import { useSay } from "../feedback/Notices.tsx";
import { useErrorAt } from "../feedback/problemText.ts";
import { Text, useText } from "../i18n/text.tsx";
import { useSaveScale, useScaleVersion } from "../plans/queries.ts";
import { LEVEL_COLOURS, type Scale } from "../plans/scale.ts";
import { ScaleWords } from "../plans/ScaleWords.tsx";

interface Props {
  id: string | null;
  scale: Scale | null;
  onDone: () => void;
}

interface Level {
  /** Its identity in the form. */
  key: string;
  /** Null for a new level: the service gives it a code, which then means this level for ever. */
  code: number | null;
  label: string;
  short: string;
  colour: string;
}

const blank = (at: number): Level => ({ key: crypto.randomUUID(), code: null, label: "", short: "", colour: LEVEL_COLOURS[at % LEVEL_COLOURS.length] ?? LEVEL_COLOURS[0] });

function swapped(levels: readonly Level[], at: number, by: -1 | 1): Level[] {
  const next = [...levels];
  const [one, other] = [next[at], next[at + by]];
  if (one && other) {
    next[at] = other;
    next[at + by] = one;
  }
  return next;
}

/** A scale's levels in their order, each with its words and its colour; or a range of points. */
export function ScaleForm({ id, scale, onDone }: Props) {
  const text = useText();
  const say = useSay();
  const save = useSaveScale();
  const version = useScaleVersion(id);
  const [title, setTitle] = useState(scale?.title ?? "");
  const [kind, setKind] = useState<Scale["kind"]>(scale?.kind ?? "levels");
  const [levels, setLevels] = useState<Level[]>(() => (scale?.kind === "levels" ? scale.levels.map((level) => ({ ...level, key: String(level.code) })) : [blank(0), blank(2), blank(4)]));
  const [range, setRange] = useState(scale?.kind === "points" ? { minimum: scale.minimum, maximum: scale.maximum } : { minimum: 0, maximum: 100 });
  const errorAt = useErrorAt(save.error);
  const change = (at: number, part: Partial<Level>) => setLevels(levels.map((level, i) => (i === at ? { ...level, ...part } : level)));

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(
      { id, etag: version.data?.etag ?? "", scale: kind === "levels" ? { title, kind, levels: levels.map(({ code, label, short, colour }) => ({ ...(code !== null && { code }), label, short, colour })) } : { title, kind, ...range } },
      {
        onSuccess: () => {
          say(text("scales.saved", { title }));
          onDone();
        },
      },
    );
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput required data-autofocus label={text("scales.name")} value={title} error={errorAt("/title")} onChange={(event) => setTitle(event.currentTarget.value)} />
        {id === null && (
          <Radio.Group label={text("scales.kind")} value={kind} onChange={(value) => setKind(value)}>
            <Group mt={6}>
              <Radio value="levels" label={text("scales.levels")} />
              <Radio value="points" label={text("scales.points")} />
            </Group>
          </Radio.Group>
        )}
        {kind === "levels" ? (
          <Stack gap="xs" component="fieldset" m={0} p={0} style={{ border: 0 }}>
            <Paragraph component="legend" size="sm" fw={500} p={0} mb={4}>
              <Text id="scales.levels-in-order" />
            </Paragraph>
            {levels.map((level, i) => {
              const name = level.label || text("scales.level-number", { number: i + 1 });
              return (
                <Group key={level.key} gap="xs" align="flex-start" wrap="wrap">
                  <TextInput required flex="2 1 9rem" aria-label={text("scales.level-label", { level: name })} placeholder={text("scales.label")} value={level.label} error={errorAt(`/levels/${i}/label`)} onChange={(event) => change(i, { label: event.currentTarget.value })} />
                  <TextInput required flex="1 1 5rem" maw={120} aria-label={text("scales.level-short", { level: name })} placeholder={text("scales.short")} value={level.short} error={errorAt(`/levels/${i}/short`)} onChange={(event) => change(i, { short: event.currentTarget.value })} />
                  <ColorInput w={130} format="hex" withEyeDropper={false} swatches={[...LEVEL_COLOURS]} aria-label={text("scales.level-colour", { level: name })} value={level.colour} error={errorAt(`/levels/${i}/colour`)} onChange={(colour) => change(i, { colour })} />
                  <ActionIcon.Group>
                    <ActionIcon variant="default" size={36} disabled={i === 0} aria-label={text("scales.level-up", { level: name })} onClick={() => setLevels(swapped(levels, i, -1))}>
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon variant="default" size={36} disabled={i === levels.length - 1} aria-label={text("scales.level-down", { level: name })} onClick={() => setLevels(swapped(levels, i, 1))}>
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon variant="default" size={36} disabled={levels.length <= 2} aria-label={text("scales.level-remove", { level: name })} onClick={() => setLevels(levels.filter((_, at) => at !== i))}>
                      <IconTrash size={16} />
                    </ActionIcon>
                  </ActionIcon.Group>
                </Group>
              );
            })}
            <Group>
              <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={16} />} onClick={() => setLevels([...levels, blank(levels.length)])}>
                <Text id="scales.add-level" />
              </Button>
            </Group>
            <ScaleWords scale={{ kind: "levels", title, levels: levels.filter(({ colour }) => /^#[0-9a-f]{6}$/i.test(colour)).map((level, i) => ({ ...level, code: i })) }} />
          </Stack>
        ) : (
          <Group>
            <NumberInput label={text("scales.minimum")} value={range.minimum} error={errorAt("/minimum")} onChange={(value) => setRange({ ...range, minimum: Number(value) })} />
            <NumberInput label={text("scales.maximum")} value={range.maximum} error={errorAt("/maximum")} onChange={(value) => setRange({ ...range, maximum: Number(value) })} />
          </Group>
        )}
        {save.isError && <Failure error={save.error} title="scales.not-saved" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            <Text id="action.cancel" />
          </Button>
          <Button type="submit" loading={save.isPending} disabled={id !== null && !version.data}>
            <Text id="action.save" />
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
