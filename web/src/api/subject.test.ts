import { expect, test } from "vitest";
import { sameSubject } from "./subject.ts";

test("another filter asks about the same subject", () => {
  expect(sameSubject(["bars", "t1", { grade: ["03"] }], ["bars", "t1", {}])).toBe(true);
});

test("another student is another subject, so that nobody's plan is shown under somebody else's address", () => {
  expect(sameSubject(["plan", "t1.anna"], ["plan", "t1.ben"])).toBe(false);
  expect(sameSubject(["history", "t1.anna", "i1"], ["history", "t1.anna", "i2"])).toBe(false);
});
