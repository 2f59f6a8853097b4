// What build.mjs writes into the bundle, for tests that run the sources.

import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { ENGINE_FILE: JSON.stringify({ integrity: `sha256-${"A".repeat(43)}=`, bytes: 7 }) },
});
