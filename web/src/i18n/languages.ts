import type { MessageFormatElement } from "react-intl";

export type Catalogue = Record<string, MessageFormatElement[]>;

/** Each language's own name is its label, so that a person finds it without reading the page's language. */
export const LANGUAGES = {
  en: { label: "English", load: async () => (await import("./en.json")).default as unknown as Catalogue },
  "en-XA": { label: "Ƥšéüðö", load: async () => (await import("./en-XA.json")).default as unknown as Catalogue },
} as const;

export type Language = keyof typeof LANGUAGES;

/** The language to start with: what was chosen here before, else the browser's first that there is, else English. */
export function firstLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const known = (tag: string): tag is Language => tag in LANGUAGES;
  if (chosen && known(chosen)) return chosen;
  return preferred.flatMap((tag) => [tag, tag.split("-")[0] ?? tag]).find(known) ?? "en";
}
