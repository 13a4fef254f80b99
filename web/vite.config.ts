import { readFileSync } from "node:fs";
import { parse } from "@formatjs/icu-messageformat-parser";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Catalogues are parsed here, once, so that the browser gets no ICU parser: about 10 kB less in the first load. */
const catalogues: Plugin = {
  name: "icu-catalogues",
  enforce: "pre",
  load(id) {
    if (!/\/src\/i18n\/[\w-]+\.json$/.test(id)) return null;
    const messages = JSON.parse(readFileSync(id, "utf8")) as Record<string, string>;
    const parsed = Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, parse(text)]));
    return { code: `export default ${JSON.stringify(parsed)}`, moduleType: "js" };
  },
};

/** Where the services answer while `vite` serves the page; `make run` prints its address. */
const services = process.env["WAYMARK_ORIGIN"] ?? "http://127.0.0.1:8400";

export default defineConfig(({ mode }) => ({
  plugins: mode === "test" ? [react()] : [catalogues, react()],
  ...(mode === "test" ? {} : { resolve: { alias: { "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js" } } }),
  server: {
    host: "127.0.0.1",
    port: 8480,
    proxy: Object.fromEntries(["/plans/v1", "/roster/v1", "/reporting/v1", "/issuer"].map((path) => [path, services])),
  },
  build: {
    target: "es2023",
    outDir: "dist",
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
          ],
        },
      },
    },
  },
  test: { include: ["src/**/*.test.ts", "scripts/**/*.test.ts"], environment: "node" },
}));
