import { afterAll, afterEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SettingsFile } from "../core/settings/settings.ts";
import { readSettingsOf, settingsPath } from "./settings.ts";

const repo = mkdtempSync(join(tmpdir(), "muster-settings-"));
mkdirSync(dirname(settingsPath(repo, "policies")), { recursive: true });
const write = (file: SettingsFile, text: string) => writeFileSync(settingsPath(repo, file), text);

afterAll(() => rmSync(repo, { recursive: true, force: true }));
afterEach(() => {
  rmSync(join(repo, ".muster"), { recursive: true });
  mkdirSync(dirname(settingsPath(repo, "policies")), { recursive: true });
});

test("a repository without settings files goes by the defaults", async () => {
  const { changes, problems, hash } = await readSettingsOf(repo);
  expect({ changes, problems }).toEqual({ changes: {}, problems: [] });
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
});

test("what is wrong is said with file, line, column and key; what is right is taken all the same", async () => {
  write("policies", "# limits\npatch_queue:\n  max_diff_lines: many\n  allowed_paths: [a/**]\n  typo: 1\n");
  const { changes, problems } = await readSettingsOf(repo);
  const path = settingsPath(repo, "policies");
  expect(problems).toEqual([
    { level: "warning", text: `${path}:5:9 patch_queue.typo: unknown key` },
    { level: "error", text: `${path}:3:19 patch_queue.max_diff_lines: expected a whole number from 1, got "many"` },
  ]);
  expect(changes).toEqual({ policies: { patch_queue: { allowed_paths: ["a/**"] } } });
});

test("a file that is no YAML is one error at its place; keys written twice are that, too", async () => {
  write("foreman", "enabled: true\n  agent: x\n");
  const [broken] = (await readSettingsOf(repo)).problems;
  expect(broken?.level).toBe("error");
  expect(broken?.text).toStartWith(`${settingsPath(repo, "foreman")}:`);
  write("foreman", "enabled: true\nenabled: false\n");
  expect((await readSettingsOf(repo)).problems[0]?.text).toContain("foreman.yaml:2:1: Map keys must be unique");
});

test("every change of a file changes the hash", async () => {
  const before = (await readSettingsOf(repo)).hash;
  write("roles", "leader: peerB\n");
  const after = (await readSettingsOf(repo)).hash;
  expect(after).not.toBe(before);
  write("roles", "leader: peerB\n");
  expect((await readSettingsOf(repo)).hash).toBe(after);
});

test("a link in the place of a settings file is not followed", async () => {
  symlinkSync("/etc/hostname", settingsPath(repo, "agents"));
  await expect(readSettingsOf(repo)).rejects.toThrow("symbolic link");
});

test("files that say what they said last time are not parsed again, and one that says something else is", async () => {
  write("policies", "handoff_filter: {cooldown_seconds: 7}\n");
  const first = await readSettingsOf(repo);
  expect(await readSettingsOf(repo, first)).toBe(first);
  write("policies", "handoff_filter: {cooldown_seconds: 8}\n");
  const second = await readSettingsOf(repo, first);
  expect(second.hash).not.toBe(first.hash);
  expect(second.changes).toEqual({ policies: { handoff_filter: { cooldown_seconds: 8 } } });
});
