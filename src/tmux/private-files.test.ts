import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateFolder } from "./private-files.ts";

test("a folder becomes private, and a link in its place is refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "muster-private-"));
  chmodSync(folder, 0o755);
  expect(statSync(privateFolder(folder)).mode & 0o777).toBe(0o700);
  symlinkSync("/etc", join(folder, "link"));
  expect(() => privateFolder(join(folder, "link"))).toThrow("not your own folder");
  rmSync(folder, { recursive: true });
});
