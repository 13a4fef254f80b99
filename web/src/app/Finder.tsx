import { Stack, Text as Paragraph, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconListCheck, IconSearch, IconUser } from "@tabler/icons-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Link } from "react-router";
import { arrowTo } from "../charts/layout.ts";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { useTemplates } from "../plans/queries.ts";
import { useStudentSearch } from "../roster/queries.ts";
import classes from "./Search.module.css";

const SHOWN = 6;

/** What is typed, and the students and plans that it finds. */
export default function Finder({ onDone }: { onDone: () => void }) {
  const text = useText();
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [typed, type] = useState("");

  // The dialog had looked for its first field before this was loaded.
  useEffect(() => field.current?.focus(), []);

  const [asked] = useDebouncedValue(typed.trim(), 200);
  const students = useStudentSearch({ search: asked }, asked !== "");
  const templates = useTemplates({ search: asked, status: "published", sort: "title" }, asked !== "");
  const failed = [students, templates].find((query) => query.isError);
  const found = [
    ...(students.data?.pages[0]?.items.slice(0, SHOWN) ?? []).map(({ id, name, grade, school }) => ({
      to: `/students/${id}`,
      icon: IconUser,
      label: name ?? text("person.no-name"),
      more: [school?.name, grade && text("add.grade", { grade })].filter(Boolean).join(" · "),
    })),
    ...(templates.data?.pages[0]?.items.slice(0, SHOWN) ?? []).map(({ id, title }) => ({ to: `/plans/${id}`, icon: IconListCheck, label: title, more: text("search.plan") })),
  ];

  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...(list.current?.querySelectorAll("a") ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? 0 : arrowTo(event.key, at, links.length, false);
    if (next === null) return;
    event.preventDefault();
    links[next]?.focus();
  };

  return (
    // The arrow keys go from the field to the links and along them.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div onKeyDown={move}>
      <TextInput ref={field} type="search" label={text("search.field")} value={typed} onChange={(event) => type(event.currentTarget.value)} leftSection={<IconSearch size={17} />} />
      <Stack ref={list} gap={2} mt="sm" mih={120}>
        {asked === "" && (
          <Paragraph c="dimmed" size="sm">
            <Text id="search.teach" />
          </Paragraph>
        )}
        {asked !== "" && (students.isPending || templates.isPending) && <Waiting rows={3} />}
        {failed && <Failure error={failed.error} />}
        {asked !== "" && students.isSuccess && templates.isSuccess && found.length === 0 && <Paragraph c="dimmed">{text("search.nothing", { asked })}</Paragraph>}
        {asked !== "" &&
          found.map(({ to, icon: Icon, label, more }) => (
            <UnstyledButton key={to} component={Link} to={to} className={classes["found"] ?? ""} onClick={onDone}>
              <Icon size={18} aria-hidden />
              <bdi>{label}</bdi>
              <Paragraph span size="sm" c="dimmed">
                {more}
              </Paragraph>
            </UnstyledButton>
          ))}
      </Stack>
    </div>
  );
}
