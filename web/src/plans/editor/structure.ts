/** What a template says while it is being written, and every change that the editor can make to it. */

export interface Item {
  /** Its identity in the editor; `stored` is the service's id, null until it is saved. */
  id: string;
  stored: string | null;
  title: string;
  guidance: string;
  /** A scale's id, or null for free text. */
  scale: string | null;
}

export interface Section {
  id: string;
  stored: string | null;
  title: string;
  items: Item[];
}

export type Structure = Section[];

const at = <T>(list: readonly T[], index: number, value: T): T[] => [...list.slice(0, index), value, ...list.slice(index)];

export const addSection = (structure: Structure, id: string): Structure => [...structure, { id, stored: null, title: "", items: [] }];

export const addItem = (structure: Structure, section: string, item: Item): Structure => structure.map((one) => (one.id === section ? { ...one, items: [...one.items, item] } : one));

export const renameSection = (structure: Structure, id: string, title: string): Structure => structure.map((one) => (one.id === id ? { ...one, title } : one));

export const changeItem = (structure: Structure, id: string, change: Partial<Omit<Item, "id" | "stored">>): Structure =>
  structure.map((section) => ({ ...section, items: section.items.map((item) => (item.id === id ? { ...item, ...change } : item)) }));

export const removeSection = (structure: Structure, id: string): Structure => structure.filter((section) => section.id !== id);

export const removeItem = (structure: Structure, id: string): Structure => structure.map((section) => ({ ...section, items: section.items.filter((item) => item.id !== id) }));

export function moveSection(structure: Structure, id: string, by: -1 | 1): Structure {
  const from = structure.findIndex((section) => section.id === id);
  const moved = structure[from];
  const to = from + by;
  if (!moved || to < 0 || to >= structure.length) return structure;
  return at(removeSection(structure, id), to, moved);
}

export const itemOf = (structure: Structure, id: string): Item | undefined => structure.flatMap((section) => section.items).find((item) => item.id === id);

/** Puts an item at a place of a section; the place is counted without the item itself. */
export function placeItem(structure: Structure, id: string, section: string, place: number): Structure {
  const item = itemOf(structure, id);
  if (!item || !structure.some((one) => one.id === section)) return structure;
  return removeItem(structure, id).map((one) => (one.id === section ? { ...one, items: at(one.items, Math.min(Math.max(0, place), one.items.length), item) } : one));
}

/** One step up or down; past the end of a section it goes on in the next. */
export function moveItem(structure: Structure, id: string, by: -1 | 1): Structure {
  const inSection = structure.findIndex((section) => section.items.some((item) => item.id === id));
  const home = structure[inSection];
  if (!home) return structure;
  const to = home.items.findIndex((item) => item.id === id) + by;
  if (to >= 0 && to < home.items.length) return placeItem(structure, id, home.id, to);
  const neighbour = structure[inSection + by];
  return neighbour ? placeItem(structure, id, neighbour.id, by === 1 ? 0 : neighbour.items.length) : structure;
}

/** Where an item stands, as people count, for the live region: "3 of 5 in Reading". */
export function placeOf(structure: Structure, id: string): { place: number; of: number; section: string } | null {
  for (const section of structure) {
    const index = section.items.findIndex((item) => item.id === id);
    if (index >= 0) return { place: index + 1, of: section.items.length, section: section.title };
  }
  return null;
}
