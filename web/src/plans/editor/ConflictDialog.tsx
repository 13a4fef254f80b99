import { Button, Group, Modal, SimpleGrid, Stack, Text as Paragraph, Title } from "@mantine/core";
import { useState } from "react";
import { FormattedRelativeTime } from "react-intl";
import { Text, useText } from "../../i18n/text.tsx";
import type { Scale } from "../scale.ts";
import type { Draft } from "./content.ts";
import { Preview } from "./Preview.tsx";

interface Props {
  mine: Draft;
  theirs: Draft;
  /** When theirs was saved. */
  updated: string;
  scaleOf: (id: string | null) => Scale | null;
  onClose: () => void;
  onMine: () => void;
  onTheirs: () => void;
}

/** Somebody saved in between: both stand side by side, and nothing is lost before the person has chosen. */
export function ConflictDialog({ mine, theirs, updated, scaleOf, onClose, onMine, onTheirs }: Props) {
  const text = useText();
  const [minutes] = useState(() => Math.round((Date.parse(updated) - Date.now()) / 60_000));
  return (
    <Modal opened onClose={onClose} size="80rem" title={text("conflict.title")} closeButtonProps={{ "aria-label": text("action.close") }}>
      <Stack gap="md">
        <Paragraph>
          <Text id="conflict.explained" values={{ when: <FormattedRelativeTime value={minutes} unit="minute" numeric="auto" /> }} />
        </Paragraph>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Stack>
            <Title order={3}>{text("conflict.mine")}</Title>
            <Preview {...mine} overall={scaleOf(mine.overall)} scaleOf={scaleOf} />
            <Button onClick={onMine}>{text("conflict.keep-mine")}</Button>
          </Stack>
          <Stack>
            <Title order={3}>{text("conflict.theirs")}</Title>
            <Preview {...theirs} overall={scaleOf(theirs.overall)} scaleOf={scaleOf} />
            <Button variant="default" onClick={onTheirs}>
              {text("conflict.take-theirs")}
            </Button>
          </Stack>
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onClose}>
            {text("conflict.later")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
