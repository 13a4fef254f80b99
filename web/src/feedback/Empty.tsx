import { Stack, Text as Paragraph, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useText, type MessageId } from "../i18n/text.tsx";

interface Props {
  icon: Icon;
  /** Left out where the page already says it. */
  title?: MessageId;
  /** What this is, in a sentence or two. */
  teach: MessageId;
  /** The one next step. */
  children?: ReactNode;
}

/** Nothing here yet: what this is, and the one next step. */
export function Empty({ icon: Symbol, title, teach, children }: Props) {
  const text = useText();
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center" maw={520} mx="auto">
      <ThemeIcon variant="light" size={52} radius="xl">
        <Symbol size={28} stroke={1.6} />
      </ThemeIcon>
      {title && <Title order={2}>{text(title)}</Title>}
      <Paragraph c="dimmed">{text(teach)}</Paragraph>
      {children}
    </Stack>
  );
}
