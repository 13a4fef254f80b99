import { ActionIcon, Button, Kbd, Modal } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import classes from "./Search.module.css";

const Finder = lazy(() => import("./Finder.tsx"));

const KEYS = "Ctrl K";

/** Finds students and plans from everywhere. */
export function Search() {
  const text = useText();
  const [opened, { open, close }] = useDisclosure(false);
  useHotkeys([["mod+K", open]], []);
  return (
    <>
      <Button variant="default" c="dimmed" fw={400} leftSection={<IconSearch size={17} />} rightSection={<Kbd size="xs">{KEYS}</Kbd>} onClick={open} className={classes["open"]} visibleFrom="sm">
        <Text id="search.open" />
      </Button>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text("search.title")} onClick={open} hiddenFrom="sm">
        <IconSearch size={20} />
      </ActionIcon>
      <Modal opened={opened} onClose={close} size="lg" title={text("search.title")} closeButtonProps={{ "aria-label": text("action.close") }} yOffset="8dvh" centered={false}>
        <Suspense fallback={<Waiting rows={3} />}>
          <Finder onDone={close} />
        </Suspense>
      </Modal>
    </>
  );
}
