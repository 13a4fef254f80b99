import { Alert, Button, Checkbox, Group, List, Modal, ScrollArea, Select, Stack, Tabs, Text as Paragraph, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useIntl } from "react-intl";
import { Failure } from "../feedback/Failure.tsx";
import { useSay } from "../feedback/Notices.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { useSections, useSectionStudents, useStudentSearch } from "../roster/queries.ts";
import { LoadMore } from "./LoadMore.tsx";
import { Name } from "./Name.tsx";
import { useAssign, type Assigned, type Template } from "./queries.ts";

interface Props {
  template: Pick<Template, "id" | "title">;
  opened: boolean;
  onClose: () => void;
}

interface Person {
  id: string;
  name: string | null;
  grade: string | null;
}

/** Adds students from one's classes, or by name; what could not be added is told for each (P14, P15, P17). */
export function AddStudents({ template, opened, onClose }: Props) {
  const text = useText();
  const say = useSay();
  const intl = useIntl();
  const assign = useAssign(template.id);
  const [chosen, choose] = useState<ReadonlyMap<string, Person>>(new Map());
  const [left, tellLeft] = useState<{ name: string | null; outcome: Assigned["outcome"] }[]>([]);

  const outcomes = [...new Set(left.map(({ outcome }) => outcome))];

  const close = () => {
    choose(new Map());
    tellLeft([]);
    assign.reset();
    onClose();
  };
  const toggle = (people: readonly Person[], on: boolean) => {
    const next = new Map(chosen);
    for (const person of people) {
      if (on) next.set(person.id, person);
      else next.delete(person.id);
    }
    choose(next);
  };
  const add = () =>
    assign.mutate(
      { students: [...chosen.keys()] },
      {
        onSuccess: ({ results }) => {
          const added = results.filter(({ outcome }) => outcome === "assigned").length;
          const rest = results.filter(({ outcome }) => outcome !== "assigned").map(({ student, outcome }) => ({ name: chosen.get(student)?.name ?? null, outcome }));
          say(text("add.said", { count: added, title: template.title }));
          if (rest.length === 0) close();
          else {
            tellLeft(rest);
            choose(new Map());
          }
        },
      },
    );

  return (
    <Modal opened={opened} onClose={close} size="lg" title={text("add.title", { title: template.title })} closeButtonProps={{ "aria-label": text("action.close") }}>
      <Stack gap="sm">
        {left.length > 0 && (
          <Alert color="gray" variant="light" title={text("add.not-added", { count: left.length })}>
            <List size="sm">
              {outcomes.map((outcome) => (
                <List.Item key={outcome}>
                  {text("add.left", { names: intl.formatList(left.filter((one) => one.outcome === outcome).map(({ name }) => name ?? text("person.no-name"))), why: text(`add.outcome-${outcome}`) })}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Tabs defaultValue="classes" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="classes">
              <Text id="add.from-classes" />
            </Tabs.Tab>
            <Tabs.Tab value="search">
              <Text id="add.by-name" />
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="classes" pt="sm">
            <FromClass chosen={chosen} onToggle={toggle} />
          </Tabs.Panel>
          <Tabs.Panel value="search" pt="sm">
            <ByName chosen={chosen} onToggle={toggle} />
          </Tabs.Panel>
        </Tabs>
        {assign.isError && <Failure error={assign.error} title="add.failed" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {text(left.length > 0 ? "action.close" : "action.cancel")}
          </Button>
          <Button disabled={chosen.size === 0} loading={assign.isPending} onClick={add}>
            {text("add.add", { count: chosen.size })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface PickProps {
  chosen: ReadonlyMap<string, Person>;
  onToggle: (people: readonly Person[], on: boolean) => void;
}

function FromClass({ chosen, onToggle }: PickProps) {
  const text = useText();
  const sections = useSections();
  const [section, open] = useState<string | null>(null);
  const members = useSectionStudents(section);
  const people = members.data ?? [];
  const all = people.length > 0 && people.every(({ id }) => chosen.has(id));
  if (sections.isPending) return <Waiting rows={4} />;
  if (sections.isError) return <Failure error={sections.error} onAgain={() => void sections.refetch()} />;
  if (sections.data.length === 0) return <Paragraph c="dimmed">{text("add.no-classes")}</Paragraph>;
  return (
    <Stack gap="sm">
      <Select
        label={text("add.class")}
        placeholder={text("add.choose-class")}
        searchable={sections.data.length > 8}
        data={sections.data.map(({ id, title, students }) => ({ value: id, label: text("add.class-size", { title, count: students }) }))}
        value={section}
        onChange={open}
      />
      {section && members.isPending && <Waiting rows={5} />}
      {section && members.isError && <Failure error={members.error} onAgain={() => void members.refetch()} />}
      {section && people.length > 0 && (
        <>
          <Checkbox fw={600} label={text("add.whole-class", { count: people.length })} checked={all} indeterminate={!all && people.some(({ id }) => chosen.has(id))} onChange={(event) => onToggle(people, event.currentTarget.checked)} />
          <Ticks people={people} chosen={chosen} onToggle={onToggle} />
        </>
      )}
    </Stack>
  );
}

function ByName({ chosen, onToggle }: PickProps) {
  const text = useText();
  const [search, type] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 250);
  const found = useStudentSearch({ search: asked }, asked.length > 0);
  const people = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <TextInput type="search" label={text("add.name")} leftSection={<IconSearch size={17} />} value={search} onChange={(event) => type(event.currentTarget.value)} />
      {asked && found.isPending && <Waiting rows={5} />}
      {found.isError && <Failure error={found.error} onAgain={() => void found.refetch()} />}
      {asked && found.isSuccess && people.length === 0 && <Paragraph c="dimmed">{text("add.nobody")}</Paragraph>}
      {people.length > 0 && <Ticks people={people} chosen={chosen} onToggle={onToggle} more={<LoadMore query={found} />} />}
    </Stack>
  );
}

function Ticks({ people, chosen, onToggle, more }: PickProps & { people: readonly Person[]; more?: React.ReactNode }) {
  const text = useText();
  return (
    <ScrollArea.Autosize mah="45dvh" viewportProps={{ tabIndex: 0, role: "group", "aria-label": text("template.students") }}>
      <Stack gap={6}>
        {people.map((person) => (
          <Checkbox
            key={person.id}
            checked={chosen.has(person.id)}
            onChange={(event) => onToggle([person], event.currentTarget.checked)}
            label={
              <>
                <Name person={person} />
                {person.grade && (
                  <Paragraph span size="sm" c="dimmed" ms="xs">
                    {text("add.grade", { grade: person.grade })}
                  </Paragraph>
                )}
              </>
            }
          />
        ))}
        {more}
      </Stack>
    </ScrollArea.Autosize>
  );
}
