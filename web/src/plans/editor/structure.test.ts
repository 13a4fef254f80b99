import { describe, expect, test } from "vitest";
import { addItem, addSection, changeItem, moveItem, moveSection, placeItem, placeOf, removeItem, removeSection, type Structure } from "./structure.ts";

const item = (id: string) => ({ id, stored: null, title: id, guidance: "", scale: null });
const structure = (...sections: string[]): Structure => sections.map((items, i) => ({ id: `S${i}`, stored: null, title: `S${i}`, items: [...items].map(item) }));
const shape = (given: Structure) => given.map((section) => section.items.map(({ id }) => id).join("")).join("|");

describe("p6: items keep an order that can be changed", () => {
  test.each([
    ["b", 1, "acb|de"],
    ["b", -1, "bac|de"],
    ["c", 1, "ab|cde"],
    ["d", -1, "abcd|e"],
    ["a", -1, "abc|de"],
    ["e", 1, "abc|de"],
  ] as const)("%s moved by %i", (id, by, expected) => {
    expect(shape(moveItem(structure("abc", "de"), id, by))).toBe(expected);
  });

  test("there and back again changes nothing, across every border", () => {
    const given = structure("abc", "", "de");
    for (const id of "abcde") {
      expect(shape(moveItem(moveItem(given, id, 1), id, -1))).toBe(id === "e" ? "abc||ed" : shape(given));
    }
  });

  test("a drop lands at its place, and never loses an item", () => {
    expect(shape(placeItem(structure("abc", "de"), "a", "S1", 1))).toBe("bc|dae");
    expect(shape(placeItem(structure("abc", "de"), "a", "S0", 9))).toBe("bca|de");
    expect(shape(placeItem(structure("abc", "de"), "a", "gone", 0))).toBe("abc|de");
  });
});

test("sections move within the template and stop at its ends", () => {
  expect(shape(moveSection(structure("a", "b", "c"), "S0", 1))).toBe("b|a|c");
  expect(shape(moveSection(structure("a", "b", "c"), "S0", -1))).toBe("a|b|c");
  expect(shape(moveSection(structure("a", "b", "c"), "S2", 1))).toBe("a|b|c");
});

test("adding, changing and removing touch nothing else", () => {
  const given = addItem(addSection(structure("ab"), "S1"), "S1", item("z"));
  expect(shape(given)).toBe("ab|z");
  expect(shape(removeItem(given, "a"))).toBe("b|z");
  expect(shape(removeSection(given, "S0"))).toBe("z");
  const changed = changeItem(given, "a", { title: "A" });
  expect(changed[0]?.items.map(({ title }) => title)).toEqual(["A", "b"]);
});

test("a place is counted from one", () => {
  expect(placeOf(structure("abc", "de"), "e")).toEqual({ place: 2, of: 2, section: "S1" });
  expect(placeOf(structure("abc"), "x")).toBeNull();
});
