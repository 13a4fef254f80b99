import { expect, test } from "vitest";
import { axisOf, heightOf, levelOf, type LevelScale, type PointsScale } from "./scale.ts";

const levels: LevelScale = {
  kind: "levels",
  title: "Progress",
  levels: [
    { code: 7, label: "Off track", short: "Off", colour: "#c0392b" },
    { code: 2, label: "On track", short: "On", colour: "#3f8f4f" },
  ],
};
const points: PointsScale = { kind: "points", title: "Points", minimum: 0, maximum: 10 };

test("p28: the axis shows the whole scale, never only what the facts reach", () => {
  expect(axisOf(levels)).toEqual({ low: -0.5, high: 1.5, ticks: [{ value: 0, label: "Off" }, { value: 1, label: "On" }] });
  expect(axisOf(points).low).toBe(0);
  expect(axisOf(points).high).toBe(10);
});

test("a level stands at its rank in the scale, whatever its code", () => {
  expect(heightOf(levels, 7)).toBe(0);
  expect(heightOf(levels, 2)).toBe(1);
  expect(heightOf(levels, 99)).toBeNull();
  expect(heightOf(points, 3.5)).toBe(3.5);
});

test("a code names its level, and only in a level scale", () => {
  expect(levelOf(levels, 2)?.label).toBe("On track");
  expect(levelOf(points, 2)).toBeNull();
  expect(levelOf(null, 2)).toBeNull();
});
