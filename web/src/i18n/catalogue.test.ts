import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pseudo } from "../../scripts/pseudo-locale.mjs";
import en from "./en.json";
import enXA from "./en-XA.json";
import { firstLanguage } from "./languages.ts";

const source = new URL("..", import.meta.url).pathname;
const code = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$|^client\//.test(name))
  .map((name) => readFileSync(join(source, name), "utf8"))
  .join("\n");

const quoted = new Set([...code.matchAll(/["'`]([a-z][\w-]*(?:\.[\w-]+)+)["'`]/g)].map((match) => match[1] ?? ""));
/** `problem.${code}` and the like: every key of that form counts as used. */
const families = [...code.matchAll(/`([a-z][\w-]*\.[\w.-]*)\$\{[^}]+\}([\w-]*)`/g)].map(([, before, after]) => new RegExp(`^${before?.replaceAll(".", "\\.")}[\\w-]+${after}$`));
const rooms = new Set(Object.keys(en).map((key) => key.split(".")[0]));

describe("the catalogue", () => {
  test("holds every key that the code names", () => {
    const asked = [...quoted].filter((key) => rooms.has(key.split(".")[0] ?? "") && !/\.(json|tsx?|css|svg)$/.test(key));
    expect(asked.filter((key) => !(key in en))).toEqual([]);
  });

  test("holds no key that the code never names", () => {
    expect(Object.keys(en).filter((key) => !quoted.has(key) && !families.some((form) => form.test(key)))).toEqual([]);
  });

  test("has the pseudo locale that the script makes of it", () => {
    expect(enXA).toEqual(pseudo(en));
  });
});

test("plural and argument parts survive in the pseudo locale", () => {
  expect(pseudo({ k: "{n, plural, one {# day} other {# days}} of <b>{name}</b>" })["k"]).toMatch(/^\[\{n,plural,one\{#\s.*\} other\{#\s.*\}\}.*<b>\{name\}<\/b>\]$/);
});

test("the first language is the chosen one, then the browser's, then English", () => {
  expect(firstLanguage("en-XA", ["en"])).toBe("en-XA");
  expect(firstLanguage("xx", ["de-DE", "en-GB"])).toBe("en");
  expect(firstLanguage(null, [])).toBe("en");
});
