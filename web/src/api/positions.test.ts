import { expect, test } from "vitest";
import { after, noteWrite } from "./positions.ts";

test("reads ask for the newest write of each partition, never for an older one", () => {
  expect(after(0)).toBeUndefined();
  noteWrite("plans:3:17", 1000);
  noteWrite("plans:3:12", 1000);
  noteWrite("plans:5:2", 1000);
  expect(after(2000)).toBe("plans:3:17,plans:5:2");
});

test("an answer without a position, or with one of another form, changes nothing", () => {
  noteWrite(null, 2000);
  noteWrite("nonsense", 2000);
  expect(after(2000)).toBe("plans:3:17,plans:5:2");
});

test("long after the last write nothing is asked for", () => {
  expect(after(200_000)).toBeUndefined();
});
