import { useCallback, useEffect, useState } from "react";
import { draftOwner } from "../sign-in/session.ts";

const PREFIX = "waymark.draft.";

/** Drafts are one person's: on a shared computer nobody finds another's words. */
const keyOf = (name: string) => `${PREFIX}${draftOwner()}.${name}`;

function stored(key: string): unknown {
  const text = localStorage.getItem(key);
  return text === null ? null : JSON.parse(text);
}

/** What is being typed, kept over a reload and a lost connection until it is saved or thrown away. */
export function useDraft<T>(name: string, blank: T) {
  const key = keyOf(name);
  const [draft, setDraft] = useState<{ key: string; value: T; restored: boolean }>(() => {
    const found = stored(key) as T | null;
    return { key, value: found ?? blank, restored: found !== null };
  });

  // Another thing is being typed now: take up its own draft.
  if (draft.key !== key) {
    const found = stored(key) as T | null;
    setDraft({ key, value: found ?? blank, restored: found !== null });
  }

  const change = useCallback(
    (value: T) => {
      localStorage.setItem(key, JSON.stringify(value));
      setDraft({ key, value, restored: false });
    },
    [key],
  );

  const clear = useCallback(
    (value: T) => {
      localStorage.removeItem(key);
      setDraft({ key, value, restored: false });
    },
    [key],
  );

  useEffect(() => {
    const elsewhere = (event: StorageEvent) => {
      if (event.key === key && event.newValue !== null) setDraft({ key, value: JSON.parse(event.newValue) as T, restored: true });
    };
    window.addEventListener("storage", elsewhere);
    return () => window.removeEventListener("storage", elsewhere);
  }, [key]);

  return { value: draft.value, restored: draft.restored, change, clear };
}

/** Signing out leaves nothing that was typed on the computer. */
export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
