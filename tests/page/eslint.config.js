import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // Snippets and samples are pages of other people, with their own tools.
  { ignores: ["node_modules", "eslint.config.js", "snippets", "samples"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // tsc checks these files, globals included.
      "no-undef": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // The page under test imports the package from the site: its types do not reach here.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // `before` runs before any test, which types cannot know.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // node:test awaits what `test` returns by itself.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: "test" }] },
      ],
    },
  },
);
