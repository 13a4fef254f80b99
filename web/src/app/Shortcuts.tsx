import { ActionIcon, Modal, Tooltip } from "@mantine/core";
import { useDisclosure, useHotkeys, useLocalStorage } from "@mantine/hooks";
import { IconKeyboard } from "@tabler/icons-react";
import { lazy, Suspense, useRef } from "react";
import { useNavigate } from "react-router";
import { Waiting } from "../feedback/Waiting.tsx";
import { useText } from "../i18n/text.tsx";

const ShortcutList = lazy(() => import("./ShortcutList.tsx"));

/** How long after `g` the second key still counts. */
const SEQUENCE = 1200;

/** Single keys for those who like them; they can be switched off, as speech input may otherwise set them off. */
export function Shortcuts() {
  const text = useText();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure(false);
  const [on, switchOn] = useLocalStorage({ key: "waymark.shortcuts", defaultValue: true, getInitialValueInEffect: false });
  const going = useRef(0);

  const second = (to: string) => {
    if (Date.now() - going.current > SEQUENCE) return;
    going.current = 0;
    void navigate(to);
  };
  useHotkeys(
    on
      ? [
          ["shift+?", open],
          ["?", open],
          ["/", () => document.querySelector<HTMLInputElement>("main input[type=search]")?.focus()],
          ["g", () => (going.current = Date.now())],
          ["p", () => second("/plans"), { preventDefault: false }],
          ["s", () => second("/settings"), { preventDefault: false }],
        ]
      : [],
  );

  return (
    <>
      <Tooltip label={text("shortcuts.title")}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text("shortcuts.title")} onClick={open} visibleFrom="sm">
          <IconKeyboard size={20} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title={text("shortcuts.title")} closeButtonProps={{ "aria-label": text("action.close") }}>
        <Suspense fallback={<Waiting rows={8} />}>
          <ShortcutList on={on} onSwitch={switchOn} />
        </Suspense>
      </Modal>
    </>
  );
}
