import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Words for people live in src/i18n; these are the places where they could slip into code. */
const bareText = [
  { selector: "JSXText[value=/\\p{L}/u]", message: "Text belongs in src/i18n/en.json." },
  {
    selector: "JSXAttribute[name.name=/^(aria-label|aria-description|title|label|placeholder|alt|description|error)$/] > Literal[value=/^(?![a-z-]+\\.[a-z-]+$).*\\p{L}/u]",
    message: "Text belongs in src/i18n/en.json.",
  },
  { selector: "JSXExpressionContainer > Literal[value=/\\p{L}/u]", message: "Text belongs in src/i18n/en.json." },
];

export default defineConfig(
  { ignores: ["dist", "src/client", "node_modules"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-syntax": ["error", ...bareText],
      "max-lines": ["error", { max: 260, skipBlankLines: true, skipComments: true }],
      // Numbers in a template string are what they look like.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Letters are counted as the services count them, by code point.
      "@typescript-eslint/no-misused-spread": "off",
      // It warns about memoising by React Compiler, which is not used here.
      "react-hooks/incompatible-library": "off",
      // `onClick={() => doIt()}` reads better than a block around it.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/api/**", "src/sign-in/**"],
    rules: { "no-restricted-globals": ["error", { name: "fetch", message: "Data comes through the generated client." }] },
  },
  { files: ["scripts/*.mjs", "eslint.config.js"], extends: [tseslint.configs.disableTypeChecked], languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } } },
);
