import { Button, Group, Select, Skeleton, TextInput } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { useIntl } from "react-intl";
import { Text, useText } from "../i18n/text.tsx";
import { useMe } from "../roster/queries.ts";
import { useFilters } from "./queries.ts";
import { useGroupFilter } from "./useGroupFilter.ts";

/** Height of a row of labelled fields, in pixels. */
const ROOM = 61;

interface Props {
  template: string;
  /** Home language and the day are questions that only the counts can answer. */
  counts: boolean;
}

/** The groups that the person may ask about; a choice that there is only one of is left out. */
export function GroupFilters({ template, counts }: Props) {
  const text = useText();
  const intl = useIntl();
  const me = useMe();
  const filters = useFilters(template);
  const { values, set, any, clear } = useGroupFilter();
  const languages = new Intl.DisplayNames(intl.locale, { type: "language", fallback: "code" });
  const languageName = (tag: string) => {
    try {
      return languages.of(tag) ?? tag;
    } catch {
      return tag;
    }
  };
  const choices = [
    { key: "school", label: text("filter.school"), options: (filters.data?.schools ?? []).map(({ id, name }) => ({ value: id, label: name })) },
    { key: "grade", label: text("filter.grade"), options: (filters.data?.grades ?? []).map((grade) => ({ value: grade, label: grade })) },
    { key: "section", label: text("filter.section"), options: (filters.data?.sections ?? []).map(({ id, title }) => ({ value: id, label: title })) },
    ...(counts ? [{ key: "home_language", label: text("filter.home-language"), options: (filters.data?.home_languages ?? []).map((tag) => ({ value: tag, label: languageName(tag) })) }] : []),
  ] as const;
  // What is coming keeps its room, so that nothing moves away under a pointer.
  if (filters.isPending) return <Skeleton height={ROOM} maw={540} />;
  return (
    <Group gap="xs" align="flex-end" className="no-print">
      {choices
        .filter(({ key, options }) => options.length > 1 || values[key as "school"])
        .map(({ key, label, options }) => (
          <Select
            key={key}
            w={170}
            size="sm"
            label={label}
            placeholder={text("filter.all")}
            clearable
            searchable={options.length > 8}
            limit={100}
            data={options}
            value={values[key as "school"]?.[0] ?? null}
            onChange={(value) => set({ [key]: value })}
          />
        ))}
      {counts && (
        <TextInput
          type="date"
          w={160}
          size="sm"
          label={text("filter.as-of")}
          max={me.data?.district.today ?? ""}
          value={values.as_of ?? ""}
          onChange={(event) => set({ as_of: event.currentTarget.value || null })}
        />
      )}
      {any && (
        <Button variant="subtle" leftSection={<IconFilterOff size={17} />} onClick={clear}>
          <Text id="filter.clear" />
        </Button>
      )}
    </Group>
  );
}
