import { afterAll, afterEach, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLocalRules, writeRulebook } from "./rulebook.ts";

const repo = mkdtempSync(join(tmpdir(), "muster-rules-"));
const folder = join(repo, ".muster", "rules");
afterAll(() => rmSync(repo, { recursive: true, force: true }));
afterEach(() => rmSync(join(repo, ".muster"), { recursive: true, force: true }));

test("P23 rules are written whole, and again only when they change; local.md stays the user's own", async () => {
  await writeRulebook(repo, { "PEERA.md": "one", "AUX.md": "two" });
  writeFileSync(join(folder, "local.md"), "mine");
  const before = statSync(join(folder, "PEERA.md")).ino;
  await writeRulebook(repo, { "PEERA.md": "one", "AUX.md": "three" });
  expect(statSync(join(folder, "PEERA.md")).ino).toBe(before);
  expect(readdirSync(folder).sort()).toEqual(["AUX.md", "PEERA.md", "local.md"]);
  expect(readFileSync(join(folder, "AUX.md"), "utf8")).toBe("three");
  expect(await readLocalRules(repo)).toBe("mine");
});

test("P23 without local.md there are no rules of the user's own", async () => {
  expect(await readLocalRules(repo)).toBe("");
});

test("P23 rules that cannot be read or written are a refusal that says which: the team does not start", async () => {
  mkdirSync(folder, { recursive: true });
  symlinkSync("/etc/hostname", join(folder, "local.md"));
  await expect(writeRulebook(repo, { "PEERA.md": "x" })).rejects.toThrow(`${join(folder, "local.md")} cannot be read`);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "a file");
  await expect(writeRulebook(repo, { "PEERA.md": "x" })).rejects.toThrow(`the rules in ${folder} cannot be written`);
});
