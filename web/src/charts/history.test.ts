import { describe, expect, test } from "vitest";
import { authorKind, bandWithin, dateOf, dayNumber, dayTicks, placesInSpot } from "./history.ts";

test("a calendar date and its day number are each other's inverse, in every time zone", () => {
  for (const date of ["1970-01-01", "2024-02-29", "2026-11-22"]) expect(dateOf(dayNumber(date)).toISOString().slice(0, 10)).toBe(date);
});

test("p28: the trend's interval stays on the scale", () => {
  expect(bandWithin([{ day: 1, low: -2, high: 2 }, { day: 2, low: 1, high: 9 }], 0, 4)).toEqual([
    { day: 1, range: [0, 2] },
    { day: 2, range: [1, 4] },
  ]);
});

describe("ticks", () => {
  test("hold both ends and no day twice", () => {
    const ticks = dayTicks(100, 103, 6);
    expect(ticks).toEqual([100, 101, 102, 103]);
    expect(dayTicks(0, 300, 5)).toEqual([0, 75, 150, 225, 300]);
  });

  test("are one for one day", () => {
    expect(dayTicks(7, 7, 5)).toEqual([7]);
  });
});

test("points on one spot are told apart by their place", () => {
  expect(placesInSpot([{ day: 1, value: 2 }, { day: 1, value: 2 }, { day: 1, value: 3 }])).toEqual([0, 1, 0]);
});

test("p39: every role belongs to one of the four kinds of author", () => {
  expect(["teacher", "counselor", "student", "guardian", "districtAdministrator", "principal"].map(authorKind)).toEqual(["educator", "educator", "student", "family", "administrator", "administrator"]);
});
