// The generator's comments link to a package registry, which this repository never names: the package's name is left.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../src/client/", import.meta.url);
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))) {
  const file = new URL(name, folder);
  const text = readFileSync(file, "utf8");
  const plain = text.replace(/\{@link https?:\/\/\S+ (`[^`]+`)\}/g, "$1");
  if (plain !== text) writeFileSync(file, plain);
}
