import { defineConfig } from "@hey-api/openapi-ts";

/** One client over the documents that the services commit; every operation and type carries its service's name in front. */
export default defineConfig({
  input: ["../services/roster/openapi.json", "../services/plans/openapi.json", "../services/reporting/openapi.json"],
  output: "src/client",
  plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
});
