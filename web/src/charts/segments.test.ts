import { expect, test } from "vitest";
import { largest, totalOf, type Segment } from "./segments.ts";

const level = (label: string, count: number): Segment => ({ key: label, label, count, percent: 0, colour: "#123456" });
const none = (count: number): Segment => ({ key: "none", label: "Not yet updated", count, percent: 0, colour: null });

test("p21: those never updated count in the total", () => {
  expect(totalOf([level("a", 3), none(4)])).toBe(7);
});

test("the sentence names a level as long as anybody has one", () => {
  expect(largest([level("a", 2), level("b", 5), none(90)])?.key).toBe("b");
  expect(largest([level("a", 0), none(90)])?.key).toBe("none");
  expect(largest([level("a", 0), none(0)])).toBeNull();
});
