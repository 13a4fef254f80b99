// The generator's comments link to a package registry, which this repository never names: the package's name is left.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))) {
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  const plain = text.replace(/\{@link https?:\/\/\S+ (`[^`]+`)\}/g, "$1");
  if (plain !== text) writeFileSync(file, plain);
}
