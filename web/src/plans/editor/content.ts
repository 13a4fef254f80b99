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

export const contentOf = ({ title, description, overall, customisable, sections }: Template): Draft => ({
  title,
  description,
  overall,
  customisable,
  sections: sections.map((section) => ({
    id: section.id,
    title: section.title,
    items: section.items.map((item) => ({ id: item.id, title: item.title, guidance: item.guidance, scale: item.scale })),
  })),
});

export const same = (one: Draft, other: Draft): boolean => JSON.stringify(one) === JSON.stringify(other);

export const asContent = (draft: Draft): Content => draft;

export const TITLE_LIMIT = 60;
