import { readFileSync } from "node:fs";
import { defineConfig } from "@hey-api/openapi-ts";

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId?: string; tags?: string[] }>>;
  components: Record<string, Record<string, unknown>>;
}

const SERVICES = ["roster", "plans", "reporting"];

/** A service's document, with its name in front of every operation and every component, so that several fit into one client. */
function named(service: string): Document {
  const folder = process.env["WAYMARK_OPENAPI"] ?? new URL("../services", import.meta.url).pathname;
  const prefix = service.charAt(0).toUpperCase() + service.slice(1);
  const text = readFileSync(`${folder}/${service}/openapi.json`, "utf8").replace(/"#\/components\/(\w+)\//g, `"#/components/$1/${prefix}`);
  // Each variant's `kind` is a constant, which is enough to tell them apart; of a discriminator the generator makes types that nothing fits.
  const document = JSON.parse(text, (key, value: unknown) => (key === "discriminator" ? undefined : value)) as Document;
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    if (operation.operationId) operation.operationId = `${service}_${operation.operationId}`;
  }
  for (const [kind, parts] of Object.entries(document.components)) {
    document.components[kind] = Object.fromEntries(Object.entries(parts).map(([name, part]) => [prefix + name, part]));
  }
  return document;
}

function merged(documents: Document[]) {
  const kinds = new Set(documents.flatMap(({ components }) => Object.keys(components)));
  return {
    openapi: "3.1.0",
    info: { title: "Waymark", version: "1" },
    paths: Object.assign({}, ...documents.map(({ paths }) => paths)) as Document["paths"],
    components: Object.fromEntries([...kinds].map((kind) => [kind, Object.assign({}, ...documents.map(({ components }) => components[kind])) as unknown])),
  };
}

/** One client over the documents that the services commit. */
export default defineConfig({
  input: merged(SERVICES.map(named)),
  output: "src/client",
  plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
});
