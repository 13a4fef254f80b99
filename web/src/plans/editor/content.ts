import type { Content, Template } from "../queries.ts";
import type { Structure } from "./structure.ts";

/** A template's text as the editor holds it. */
export interface Draft {
  title: string;
  description: string;
  overall: string | null;
  customisable: boolean;
  sections: Structure;
}

export const BLANK: Draft = { title: "", description: "", overall: null, customisable: true, sections: [] };

export const TITLE_LIMIT = 60;

export const contentOf = ({ title, description, overall, customisable, sections }: Pick<Template, keyof Draft>): Draft => ({
  title,
  description,
  overall,
  customisable,
  sections: sections.map((section) => ({
    id: section.id,
    stored: section.id,
    title: section.title,
    items: section.items.map(({ id, title: name, guidance, scale }) => ({ id, stored: id, title: name, guidance, scale })),
  })),
});

const named = (stored: string | null) => (stored === null ? {} : { id: stored });

/** What is sent: a new part goes without an id and gets one. */
export const asContent = ({ sections, ...rest }: Draft): Content => ({
  ...rest,
  sections: sections.map(({ stored, title, items }) => ({
    ...named(stored),
    title,
    items: items.map((item) => ({ ...named(item.stored), title: item.title, guidance: item.guidance, scale: item.scale })),
  })),
});

export const same = (one: Draft, other: Draft): boolean => JSON.stringify(asContent(one)) === JSON.stringify(asContent(other));

/** The saved template with the identities that its parts had in the editor, so that nothing on the page is drawn anew. */
export function savedAs(sent: Draft, saved: Draft): Draft {
  return {
    ...saved,
    sections: saved.sections.map((section, s) => ({
      ...section,
      id: sent.sections[s]?.id ?? section.id,
      items: section.items.map((item, i) => ({ ...item, id: sent.sections[s]?.items[i]?.id ?? item.id })),
    })),
  };
}

/** What was typed on while the save was under way, with the ids that its parts have since got. */
export function typedOn(typed: Draft, saved: Draft): Draft {
  const ids = new Map(saved.sections.flatMap((section) => [[section.id, section.stored] as const, ...section.items.map((item) => [item.id, item.stored] as const)]));
  const known = <Part extends { id: string; stored: string | null }>(part: Part): Part => ({ ...part, stored: part.stored ?? ids.get(part.id) ?? null });
  return { ...typed, sections: typed.sections.map((section) => ({ ...known(section), items: section.items.map(known) })) };
}
