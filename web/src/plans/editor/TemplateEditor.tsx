import { Alert, Anchor, Badge, Button, Group, Paper, Select, SimpleGrid, Stack, Switch, Text as Paragraph, TextInput } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconDeviceFloppy, IconHistory, IconRocket } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Versioned } from "../../api/calls.ts";
import { Problem } from "../../api/problem.ts";
import { PageTitle, STAYING } from "../../app/PageTitle.tsx";
import { Failure } from "../../feedback/Failure.tsx";
import { useSay } from "../../feedback/Notices.tsx";
import { useErrorAt } from "../../feedback/problemText.ts";
import { useDraft } from "../../feedback/useDraft.ts";
import { Text, useText } from "../../i18n/text.tsx";
import { newestTemplate, useSaveTemplate, type Template } from "../queries.ts";
import type { Scale } from "../scale.ts";
import { ConflictDialog } from "./ConflictDialog.tsx";
import { asContent, contentOf, same, savedAs, TITLE_LIMIT, typedOn, type Draft } from "./content.ts";
import classes from "./editor.module.css";
import { Preview } from "./Preview.tsx";
import { PublishDialog } from "./PublishDialog.tsx";
import { RichTextInput } from "./RichTextInput.tsx";
import { StructureEditor } from "./StructureEditor.tsx";

interface Props {
  stored: Versioned<Template> | null;
  saved: Draft;
  scales: (Scale & { id: string })[];
  /** The new template has been saved for the first time, and has an id now. */
  onCreated: (id: string) => void;
}

interface Kept {
  draft: Draft;
  /** The version that the draft was begun on. */
  etag: string;
}

const draftName = (id: string | null) => `template.${id ?? "new"}`;

/** Writes a template, and shows beside it what others will see. */
export function TemplateEditor({ stored, saved, scales, onCreated }: Props) {
  const text = useText();
  const say = useSay();
  const navigate = useNavigate();
  const id = stored?.body.id ?? null;
  const { value: kept, restored, change, clear, rename } = useDraft<Kept>(draftName(id), { draft: saved, etag: stored?.etag ?? "" });
  const save = useSaveTemplate();
  const [theirs, showTheirs] = useState<Versioned<Template> | null>(null);
  const [publishing, { open: openPublish, close: closePublish }] = useDisclosure(false);

  const draft = kept.draft;
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  }, [draft]);
  const dirty = !same(draft, saved);
  const conflict = save.error instanceof Problem && save.error.status === 412;
  const errorAt = useErrorAt(save.error);
  const edit = (part: Partial<Draft>) => change({ ...kept, draft: { ...draft, ...part } });
  const scaleOf = (scale: string | null) => scales.find((one) => one.id === scale) ?? null;
  const choices = scales.map((scale) => ({ value: scale.id, label: scale.title }));

  const store = (etag: string) =>
    save.mutate(
      { id, etag, content: asContent(draft) },
      {
        onSuccess: (now) => {
          const after = savedAs(draft, contentOf(now.body));
          const typed = latest.current;
          const next = { draft: typed === draft ? after : typedOn(typed, after), etag: now.etag };
          say(text("editor.saved"));
          if (id === null) {
            rename(next, draftName(now.body.id), typed !== draft);
            onCreated(now.body.id);
            void navigate(`/plans/${now.body.id}/edit`, { replace: true, state: STAYING });
          } else if (typed === draft) clear(next);
          else change(next);
        },
        onError: (error) => {
          if (id !== null && error instanceof Problem && error.status === 412) void newestTemplate(id).then(showTheirs);
        },
      },
    );
  const saveNow = () => {
    if (dirty) store(kept.etag);
  };
  useHotkeys([["mod+S", saveNow]], []);

  if (stored && stored.body.status !== "draft") {
    return (
      <Alert title={text("editor.published-title")}>
        <Paragraph>{text("editor.published-explained")}</Paragraph>
        <Anchor component={Link} to={`/plans/${stored.body.id}`}>
          {stored.body.title}
        </Anchor>
      </Alert>
    );
  }

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Group gap="sm">
          <PageTitle>{id === null ? text("editor.new") : draft.title || text("editor.untitled")}</PageTitle>
          <Badge variant="light" color="gray">
            {text(dirty ? "editor.unsaved" : id === null ? "editor.empty" : "editor.draft-saved")}
          </Badge>
        </Group>
        <Group gap="xs">
          <Button variant="default" leftSection={<IconDeviceFloppy size={18} />} loading={save.isPending} disabled={!dirty} onClick={saveNow}>
            <Text id="editor.save" />
          </Button>
          {stored?.body.may.publish && (
            <Button leftSection={<IconRocket size={18} />} disabled={dirty} onClick={openPublish}>
              <Text id="editor.publish" />
            </Button>
          )}
        </Group>
      </Group>
      {restored && dirty && (
        <Alert variant="light" icon={<IconHistory size={20} />}>
          <Group justify="space-between">
            <Text id="editor.restored" />
            <Button size="compact-sm" variant="default" onClick={() => clear({ draft: saved, etag: stored?.etag ?? "" })}>
              <Text id="editor.throw-away" />
            </Button>
          </Group>
        </Alert>
      )}
      {save.isError && !conflict && <Failure error={save.error} title="editor.not-saved" />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="md">
          <Paper withBorder p="md">
            <Stack gap="sm">
              <TextInput
                required
                label={text("editor.title")}
                description={text("editor.title-left", { count: TITLE_LIMIT - [...draft.title].length })}
                value={draft.title}
                error={errorAt("/title") ?? ([...draft.title].length > TITLE_LIMIT && text("editor.title-too-long", { limit: TITLE_LIMIT }))}
                onChange={(event) => edit({ title: event.currentTarget.value })}
              />
              <RichTextInput label={text("editor.description")} description={text("editor.description-explained")} value={draft.description} error={errorAt("/description")} onChange={(description) => edit({ description })} />
              <Select
                label={text("editor.overall")}
                description={text("editor.overall-explained")}
                placeholder={text("scale.choose")}
                data={choices}
                value={draft.overall}
                error={errorAt("/overall")}
                onChange={(overall) => edit({ overall })}
              />
              {scales.length === 0 && (
                <Paragraph size="sm">
                  <Anchor component={Link} to="/settings/scales">
                    <Text id="editor.no-scales" />
                  </Anchor>
                </Paragraph>
              )}
              <Switch label={text("editor.customisable")} description={text("editor.customisable-explained")} checked={draft.customisable} onChange={(event) => edit({ customisable: event.currentTarget.checked })} />
            </Stack>
          </Paper>
          <StructureEditor structure={draft.sections} scales={choices} standard={draft.overall} errorAt={errorAt} onChange={(sections) => edit({ sections })} />
        </Stack>
        <div className={classes["preview"]}>
          <Preview {...draft} overall={scaleOf(draft.overall)} scaleOf={scaleOf} />
        </div>
      </SimpleGrid>
      {theirs && (
        <ConflictDialog
          mine={draft}
          theirs={contentOf(theirs.body)}
          updated={theirs.body.updated}
          scaleOf={scaleOf}
          onClose={() => showTheirs(null)}
          onMine={() => {
            showTheirs(null);
            store(theirs.etag);
          }}
          onTheirs={() => {
            clear({ draft: contentOf(theirs.body), etag: theirs.etag });
            showTheirs(null);
            save.reset();
          }}
        />
      )}
      {stored && <PublishDialog id={stored.body.id} etag={stored.etag} title={draft.title} opened={publishing} onClose={closePublish} />}
    </Stack>
  );
}
