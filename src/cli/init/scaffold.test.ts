import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ran } from "../../../test/fakes/call.ts";
import { POR_TEMPLATE } from "../../core/boards/templates.ts";
import { SETTINGS_FILES } from "../../core/settings/settings.ts";
import { templateOf } from "../../core/settings/template.ts";
import { command as init } from "../init.ts";

let folder: string;
const repo = () => join(folder, "repo");
const read = (path: string) => readFileSync(join(repo(), path), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-init-"));
  mkdirSync(join(repo(), ".git"), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const FILES = [
  ...SETTINGS_FILES.map((file) => `.muster/settings/${file}.yaml`),
  ...["docs/por/POR.md", "PROJECT.md", "FOREMAN_TASK.md", ".gitignore"],
];

test("P1 init makes folders, settings, boards and the ignore rule, and prints each of them", async () => {
  const { out, code } = await ran(init, { cwd: repo(), isJson: true });
  expect(code).toBe(0);
  expect(JSON.parse(out).map(({ what, path }: { what: string; path: string }) => `${what} ${path}`)).toEqual(
    [".muster/", ...FILES].map((path) => `created ${path}`),
  );
  expect(readdirSync(join(repo(), ".muster")).sort()).toEqual([
    "logs",
    "mailbox",
    "rules",
    "settings",
    "state",
    "tasks",
    "work",
  ]);
  for (const file of SETTINGS_FILES) expect(read(`.muster/settings/${file}.yaml`)).toBe(templateOf(file));
  expect(read("docs/por/POR.md")).toBe(POR_TEMPLATE);
  expect(read(".gitignore")).toBe("/.muster/\n");
  expect(readdirSync(join(repo(), ".git"))).toEqual([]);
});

test("P1 what is there is kept; --force puts it aside first", async () => {
  writeFileSync(join(repo(), "PROJECT.md"), "mine\n");
  mkdirSync(join(repo(), ".muster/settings"), { recursive: true });
  writeFileSync(join(repo(), ".muster/settings/roles.yaml"), "leader: peerB\n");
  await ran(init, { cwd: repo() });
  expect([read("PROJECT.md"), read(".muster/settings/roles.yaml")]).toEqual(["mine\n", "leader: peerB\n"]);
  const { out } = await ran(init, { cwd: repo(), flags: { force: true } });
  expect(out).toMatch(/replaced +PROJECT\.md +the old one is PROJECT\.md\.bak-\d+/);
  const aside = readdirSync(repo()).find((name) => name.startsWith("PROJECT.md.bak-")) ?? "";
  expect([read(aside), read(".muster/settings/roles.yaml")]).toEqual(["mine\n", templateOf("roles")]);
  expect(out).toMatch(/kept +docs\/por\/POR\.md/);
});

test("P1 --include-guides brings what explains a team and its settings", async () => {
  await ran(init, { cwd: repo(), flags: { "include-guides": true } });
  expect(read("docs/por/guides/settings.md")).toStartWith("# Settings\n");
  expect(read("docs/por/guides/team.md")).toStartWith("# ");
});

test("P1 a path that is missing or in no repository is named, and nothing is made", async () => {
  expect(await ran(init, { cwd: folder, flags: { to: "nowhere" } })).toEqual({
    ...{ out: "", err: `${join(folder, "nowhere")} is not a folder; give an existing one`, code: 1 },
  });
  expect(await ran(init, { cwd: folder })).toMatchObject({
    ...{ err: `${folder} is not a git repository; run git init first`, code: 1 },
  });
  expect(existsSync(join(folder, ".git"))).toBe(false);
  const bare = join(folder, "bare.git");
  for (const name of ["objects", "refs"]) mkdirSync(join(bare, name), { recursive: true });
  writeFileSync(join(bare, "HEAD"), "ref: refs/heads/main\n");
  expect(await ran(init, { cwd: bare })).toMatchObject({
    ...{ err: `${bare} is a bare repository: it has no files to work on; clone it, and run there`, code: 1 },
  });
});

test("P1 a link in the place of a folder of ours is refused before anything is written through it", async () => {
  const elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, join(repo(), ".muster"));
  const { err, code } = await ran(init, { cwd: repo() });
  expect([err, code]).toEqual([
    `${join(repo(), ".muster")} is not a folder of its own; remove it; muster init makes it again`,
    1,
  ]);
  expect(readdirSync(elsewhere)).toEqual([]);
});
