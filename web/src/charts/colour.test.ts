import { describe, expect, test } from "vitest";
import { contrast, inkOn, markColour } from "./colour.ts";

const colours = Array.from({ length: 216 }, (_, n) => "#" + [n % 6, Math.floor(n / 6) % 6, Math.floor(n / 36)].map((part) => (part * 51).toString(16).padStart(2, "0")).join(""));

describe("contrast", () => {
  test("is 21:1 between black and white and 1:1 with itself", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#123456", "#123456")).toBe(1);
  });

  test.each(["#ffffff", "#242424"])("every mark passes 3:1 on %s", (surface) => {
    for (const colour of colours) expect(contrast(markColour(colour, surface), surface)).toBeGreaterThanOrEqual(3);
  });

  test("a colour that already stands out is left as it was chosen", () => {
    expect(markColour("#0f5f6b", "#ffffff")).toBe("#0f5f6b");
  });

  test("ink on any mark passes 4.5:1", () => {
    for (const colour of colours) expect(contrast(inkOn(colour), colour)).toBeGreaterThanOrEqual(4.5);
  });

  test("what is no colour is refused", () => {
    expect(() => contrast("red", "#ffffff")).toThrow(RangeError);
  });
});
