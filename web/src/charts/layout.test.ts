import { describe, expect, test } from "vitest";
import { along, arrowTo, barSpans, columnShares, fittingLabel } from "./layout.ts";

const filled = (counts: number[], width: number) => barSpans(counts, width).filter((span) => span.size > 0);

describe("a bar's parts", () => {
  test.each([[[3, 1, 4]], [[1, 0, 599]], [[0, 0, 7]], [[1, 1, 1, 1, 96]], [[1, 2, 3, 4, 5, 6, 7, 8, 9, 100_000]]])("fill the whole width: %j", (counts) => {
    const spans = filled(counts, 600);
    const last = spans.at(-1);
    expect((last?.start ?? 0) + (last?.size ?? 0)).toBeCloseTo(600);
  });

  test("stand in order without overlap", () => {
    const spans = filled([5, 1, 90, 0, 4], 400);
    spans.slice(1).forEach((span, i) => expect(span.start).toBeGreaterThanOrEqual((spans[i]?.start ?? 0) + (spans[i]?.size ?? 0)));
  });

  test("are never too small to see while there is room", () => {
    for (const span of filled([1, 1, 1, 100_000], 300)) expect(span.size).toBeGreaterThanOrEqual(5);
  });

  test("keep their proportion where nothing is too small", () => {
    const [one, three] = filled([100, 300], 402);
    expect((three?.size ?? 0) / (one?.size ?? 1)).toBeCloseTo(3);
  });

  test("are nothing for nobody", () => {
    expect(filled([0, 0], 300)).toEqual([]);
    expect(filled([1, 2, 3], 0).every((span) => span.size === 0)).toBe(true);
  });
});

test("a label is the fullest text that fits, or none", () => {
  expect(fittingLabel(["On track 24", "24"], 200)).toBe("On track 24");
  expect(fittingLabel(["On track 24", "24"], 40)).toBe("24");
  expect(fittingLabel(["On track 24", "24"], 10)).toBeNull();
});

describe("arrow keys", () => {
  test("go along the reading direction", () => {
    expect(arrowTo("ArrowRight", 1, 4, false)).toBe(2);
    expect(arrowTo("ArrowRight", 1, 4, true)).toBe(0);
    expect(arrowTo("ArrowLeft", 1, 4, true)).toBe(2);
  });

  test("stop at both ends", () => {
    expect(arrowTo("ArrowLeft", 0, 4, false)).toBe(0);
    expect(arrowTo("ArrowRight", 3, 4, false)).toBe(3);
    expect(arrowTo("End", 0, 4, false)).toBe(3);
  });

  test("leave other keys alone", () => {
    expect(arrowTo("Tab", 0, 4, false)).toBeNull();
  });
});

test("the tallest column is whole, and no column divides by nothing", () => {
  expect(columnShares([2, 4, 0])).toEqual([0.5, 1, 0]);
  expect(columnShares([0, 0])).toEqual([0, 0]);
});

test("a value's place stays inside the scale", () => {
  expect(along(5, 0, 10)).toBe(0.5);
  expect(along(-3, 0, 10)).toBe(0);
  expect(along(3, 3, 3)).toBe(0.5);
});
