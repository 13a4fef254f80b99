import { useCallback, useEffect, useState } from "react";
import { draftOwner } from "../sign-in/session.ts";

const PREFIX = "waymark.draft.";

/** Drafts are one person's: on a shared computer nobody finds another's words. */
const keyOf = (name: string) => `${PREFIX}${draftOwner()}.${name}`;

function stored(key: string): unknown {
  const text = localStorage.getItem(key);
  return text === null ? null : JSON.parse(text);
}

interface Draft<T> {
  key: string;
  value: T;
  /** It was found here, from an earlier visit. */
  restored: boolean;
  /** The thing has just got its name: its draft goes on under the next one. */
  renamed: boolean;
}

/** What is being typed, kept over a reload and a lost connection until it is saved or thrown away. */
export function useDraft<T>(name: string, blank: T) {
  const key = keyOf(name);
  const found = (): Draft<T> => {
    const value = stored(key) as T | null;
    return { key, value: value ?? blank, restored: value !== null, renamed: false };
  };
  const [draft, setDraft] = useState<Draft<T>>(found);

  // Another thing is being typed now: take up its own draft.
  if (draft.key !== key) setDraft(draft.renamed ? { ...draft, key, renamed: false } : found());

  const change = useCallback(
    (value: T) => {
      localStorage.setItem(key, JSON.stringify(value));
      setDraft({ key, value, restored: false, renamed: false });
    },
    [key],
  );

  const clear = useCallback(
    (value: T) => {
      localStorage.removeItem(key);
      setDraft({ key, value, restored: false, renamed: false });
    },
    [key],
  );

  /** From now on the draft has another name; `kept` when there is something in it that is not saved yet. */
  const rename = useCallback(
    (value: T, next: string, kept: boolean) => {
      localStorage.removeItem(key);
      if (kept) localStorage.setItem(keyOf(next), JSON.stringify(value));
      setDraft({ key, value, restored: false, renamed: true });
    },
    [key],
  );

  useEffect(() => {
    const elsewhere = (event: StorageEvent) => {
      if (event.key === key && event.newValue !== null) setDraft({ key, value: JSON.parse(event.newValue) as T, restored: true, renamed: false });
    };
    window.addEventListener("storage", elsewhere);
    return () => window.removeEventListener("storage", elsewhere);
  }, [key]);

  return { value: draft.value, restored: draft.restored, change, clear, rename };
}

/** Signing out leaves nothing that was typed on the computer. */
export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
