import { Button, CloseButton, Group, Paper, Text as Paragraph } from "@mantine/core";
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { Text, useText } from "../i18n/text.tsx";
import classes from "./Notices.module.css";

interface Notice {
  id: number;
  said: string;
  undo: (() => void) | null;
}

type Say = (said: string, undo?: () => void) => void;

const Saying = createContext<Say>(() => undefined);

/** Tells the result of a save, to the eye and to a screen reader; with an undo that stays for ten seconds. */
export const useSay = () => useContext(Saying);

const STAYS = 10_000;

export function Notices({ children }: { children: ReactNode }) {
  const text = useText();
  const [notice, show] = useState<Notice | null>(null);
  const [held, hold] = useState(false);
  const next = useRef(0);

  const say = useCallback<Say>((said, undo) => {
    next.current += 1;
    hold(false);
    show({ id: next.current, said, undo: undo ?? null });
  }, []);

  // A pointer or the focus on the notice keeps it: nobody loses an undo that they are about to press.
  useEffect(() => {
    if (!notice || held) return;
    const timer = setTimeout(() => show(null), STAYS);
    return () => clearTimeout(timer);
  }, [notice, held]);

  return (
    <Saying value={say}>
      {children}
      <div role="status" aria-live="polite" className={classes["region"]}>
        {notice && (
          <Paper
            key={notice.id}
            className={classes["notice"] ?? ""}
            shadow="md"
            p="sm"
            withBorder
            onMouseEnter={() => hold(true)}
            onMouseLeave={() => hold(false)}
            onFocus={() => hold(true)}
            onBlur={() => hold(false)}
          >
            <Group gap="sm" wrap="nowrap">
              <Paragraph size="sm">{notice.said}</Paragraph>
              {notice.undo && (
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={() => {
                    notice.undo?.();
                    show(null);
                  }}
                >
                  <Text id="action.undo" />
                </Button>
              )}
              <CloseButton aria-label={text("action.dismiss")} onClick={() => show(null)} />
            </Group>
          </Paper>
        )}
      </div>
    </Saying>
  );
}
