import { expect, test } from "vitest";
import { signInTime, type Session } from "./signInTime.ts";

const session = (more: Partial<Session>): Session => ({ accessToken: "t", refreshToken: null, idToken: null, expires: 100_000, subject: "s", name: null, ...more });

test("a token with more than the margin left is current", () => {
  expect(signInTime(session({}), 69_999)).toBe("current");
});

test("a token inside the margin is renewed where that is possible, and has ended where not", () => {
  expect(signInTime(session({ refreshToken: "r" }), 70_000)).toBe("renew");
  expect(signInTime(session({}), 70_000)).toBe("ended");
});

test("nobody is signed in without a session", () => {
  expect(signInTime(null, 0)).toBe("ended");
});
