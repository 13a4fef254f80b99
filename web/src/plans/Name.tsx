import { Text as Paragraph } from "@mantine/core";
import { Text } from "../i18n/text.tsx";

/** A person's name, in its own direction; a forgotten person has none. */
export function Name({ person }: { person: { name: string | null } | null | undefined }) {
  if (person?.name) return <bdi>{person.name}</bdi>;
  return (
    <Paragraph span inherit c="dimmed" fs="italic">
      <Text id="person.no-name" />
    </Paragraph>
  );
}
