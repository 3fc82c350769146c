import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsDocument } from "./settings-doc.ts";

test("docs/settings.md is as the trees of the settings say; bun --no-install setup/settings-doc.ts makes it anew", () => {
  const written = readFileSync(join(import.meta.dir, "..", "docs", "settings.md"), "utf8");
  expect(written).toBe(settingsDocument());
});
