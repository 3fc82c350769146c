import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
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
import { parse } from "yaml";
import { SETTINGS_FILES } from "../core/settings/settings.ts";
import { templateOf } from "../core/settings/template.ts";
import { isWritten, upgradeSettings, writeSettings } from "./settings-file.ts";

let repo: string;
const inside = (path: string) => join(repo, ".muster", path);
const read = (name: string) => readFileSync(inside(`settings/${name}.yaml`), "utf8");
const write = (name: string, text: string) => {
  mkdirSync(inside("settings"), { recursive: true });
  writeFileSync(inside(`settings/${name}.yaml`), text);
};
const actor = (role: string, value: string) => ({
  file: "cli_profiles" as const,
  path: ["roles", role, "actor"],
  value,
});

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "muster-settings-"));
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

test("P16 a chosen driver is written into a file that is made for it, private and never half", async () => {
  await writeSettings(repo, [
    actor("peerA", "claude"),
    actor("peerB", "mock:/x y.json"),
    { file: "foreman", path: ["agent"], value: "none" },
  ]);
  expect(parse(read("cli_profiles")).roles).toMatchObject({
    peerA: { actor: "claude" },
    peerB: { actor: "mock:/x y.json" },
  });
  expect(read("cli_profiles").split("\n")).toHaveLength(templateOf("cli_profiles").split("\n").length);
  expect(parse(read("foreman"))).toEqual({ agent: "none" });
  expect(statSync(inside("settings/foreman.yaml")).mode & 0o777).toBe(0o600);
  expect(readFileSync(inside(".gitignore"), "utf8")).toBe("*\n");
  expect(readdirSync(inside("settings")).sort()).toEqual(["cli_profiles.yaml", "foreman.yaml"]);
});

test("P16 comments and values of the person stay, also in a file written as one line", async () => {
  write("cli_profiles", "# mine\nroles: {peerA: {actor: x, cwd: sub}} # here\nconsole_echo: false\n");
  await writeSettings(repo, [actor("peerA", "claude"), actor("aux", "standin")]);
  expect(read("cli_profiles")).toStartWith("# mine\nroles:");
  expect(read("cli_profiles")).toContain("# here");
  expect(parse(read("cli_profiles"))).toEqual({
    roles: { peerA: { actor: "claude", cwd: "sub" }, aux: { actor: "standin" } },
    console_echo: false,
  });
});

test("P16 a section that holds nothing, or something else, does not stand in the way", async () => {
  for (const text of ["roles:\n", "roles: 7\n", "roles:\n  peerA: x\n", "&a roles: *a\n", "- a\n"]) {
    write("cli_profiles", text);
    await writeSettings(repo, [actor("peerA", "claude")]).catch((error) =>
      expect(error.message).toContain("cli_profiles.yaml:1:"),
    );
  }
  expect(parse(read("cli_profiles"))).toEqual({ roles: { peerA: { actor: "claude" } } });
});

test("P2 an upgrade makes missing files and adds missing keys; a dry one only says so", async () => {
  write("foreman", "agent: claude # mine\n");
  const dry = await upgradeSettings(repo, true);
  expect(dry.map(({ path, what }) => `${what} ${path}`)).toEqual([
    "created .muster/settings/cli_profiles.yaml",
    "created .muster/settings/policies.yaml",
    "created .muster/settings/roles.yaml",
    "extended .muster/settings/foreman.yaml",
    "created .muster/settings/agents.yaml",
    ...["telegram", "slack", "discord", "wecom"].map((name) => `created .muster/settings/${name}.yaml`),
  ]);
  expect(dry[3]?.diff.slice(0, 2)).toEqual(["+# enabled: false", "+# interval_seconds: 900"]);
  expect(readdirSync(inside("settings"))).toEqual(["foreman.yaml"]);
  expect(existsSync(inside("mailbox"))).toBe(false);
  expect(await upgradeSettings(repo, false)).toEqual(dry);
  for (const file of SETTINGS_FILES) if (file !== "foreman") expect(read(file)).toBe(templateOf(file));
  expect(read("foreman")).toStartWith("agent: claude # mine\n# enabled: false\n");
  expect(existsSync(inside("mailbox"))).toBe(true);
  expect((await upgradeSettings(repo, false)).every(({ what, diff }) => what === "kept" && diff.length === 0)).toBe(
    true,
  );
});

test("P2 a file that cannot be parsed is named with line and column, and nothing is written", async () => {
  write("policies", "patch_queue:\n  mode: [\n");
  const refused = await upgradeSettings(repo, false).catch((error) => error);
  expect([refused.code, refused.hint]).toEqual(["failed", "mend the file; nothing was written"]);
  expect(refused.message).toMatch(/\.muster\/settings\/policies\.yaml:\d+:\d+: ./);
  expect(readdirSync(inside("settings"))).toEqual(["policies.yaml"]);
  expect(read("policies")).toBe("patch_queue:\n  mode: [\n");
});

test("P2 a file whose form leaves no room for a comment is kept as it is", async () => {
  write("policies", "{peerb_to_user: hold}\n");
  const files = await upgradeSettings(repo, false);
  expect(files.find(({ path }) => path.endsWith("policies.yaml"))).toMatchObject({ what: "kept", diff: [] });
  expect(read("policies")).toBe("{peerb_to_user: hold}\n");
});

test("P2 a folder that is a link to somewhere else is refused before anything is written", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "muster-elsewhere-"));
  try {
    mkdirSync(inside(""));
    symlinkSync(elsewhere, inside("settings"));
    const refused = await upgradeSettings(repo, false).catch((error) => error);
    expect(refused.message).toBe(`${inside("settings")} is not a folder of its own`);
    expect(readdirSync(elsewhere)).toEqual([]);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test("P17 a driver that somebody wrote down is told from a default, also where both are the same", async () => {
  const ask = () => isWritten(repo, "cli_profiles", ["roles", "peerA", "actor"]);
  expect(await ask()).toBe(false);
  write("cli_profiles", templateOf("cli_profiles"));
  expect(await ask()).toBe(false);
  await writeSettings(repo, [actor("peerA", "claude")]);
  expect(await ask()).toBe(true);
  write("cli_profiles", "roles: [");
  expect(await ask()).toBe(false);
});
