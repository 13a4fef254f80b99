// Fails the build when the first page costs more than 200 kB of compressed JavaScript, or a route more than 60 kB on top.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const FIRST = 200_000;
const ROUTE = 60_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const weight = (file) => gzipSync(readFileSync(new URL(file, dist))).length;

const closure = (key, seen = new Set()) => {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
};
const files = (keys) => [...new Set([...keys].map((key) => manifest[key].file))];
const sum = (list) => list.reduce((total, file) => total + weight(file), 0);
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
// The English texts are asked for before anything is drawn.
const first = files(new Set([...closure(entry), ...closure("src/i18n/en.json")]));
let failed = sum(first) > FIRST;
console.log(`first load  ${kB(sum(first))} of ${kB(FIRST)}`);
for (const key of Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry)) {
  const extra = sum(files(closure(key)).filter((file) => !first.includes(file)));
  // The line charts are asked for by one graph, after its page is readable.
  const limit = key.includes("HistoryGraph") ? Infinity : ROUTE;
  failed ||= extra > limit;
  console.log(`  + ${kB(extra).padStart(9)}  ${key}`);
}
if (failed) {
  console.error("Over the limit: load it later, or leave it out.");
  process.exit(1);
}
