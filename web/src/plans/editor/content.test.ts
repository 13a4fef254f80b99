import { describe, expect, test } from "vitest";
import { asContent, BLANK, contentOf, same, savedAs, typedOn, type Draft } from "./content.ts";
import { addItem, addSection, changeItem } from "./structure.ts";

const item = (id: string) => ({ id, stored: null, title: id, guidance: "", scale: null });
const sent: Draft = { ...BLANK, title: "Reading", sections: addItem(addSection([], "new-section"), "new-section", item("new-item")) };
const saved = contentOf({ ...BLANK, title: "Reading", sections: [{ id: "s1", title: "", items: [{ id: "i1", title: "new-item", guidance: "", scale: null }] }] });

describe("p9: saving a draft", () => {
  test("sends a new part without an id, and a stored one with its own", () => {
    expect(asContent(sent).sections?.[0]).toEqual({ title: "", items: [{ title: "new-item", guidance: "", scale: null }] });
    expect(asContent(saved).sections?.[0]?.items?.[0]?.id).toBe("i1");
  });

  test("keeps every part's identity on the page", () => {
    const after = savedAs(sent, saved);
    expect(after.sections[0]?.id).toBe("new-section");
    expect(after.sections[0]?.items[0]).toMatchObject({ id: "new-item", stored: "i1" });
    expect(same(after, saved)).toBe(true);
  });

  test("keeps what was typed meanwhile, and gives its parts the ids that they have got", () => {
    const typed = { ...sent, sections: addItem(changeItem(sent.sections, "new-item", { title: "Fluency" }), "new-section", item("later")) };
    const after = typedOn(typed, savedAs(sent, saved));
    expect(after.sections[0]?.items).toMatchObject([
      { stored: "i1", title: "Fluency" },
      { stored: null, title: "later" },
    ]);
    expect(same(after, saved)).toBe(false);
  });
});
