import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resetRepository } from "./reset.ts";

let repo: string;
const AT = new Date("2026-03-04T05:06:07Z");
const at = (path: string) => join(repo, path);
const write = (...paths: string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), "x");
  }
};

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "muster-reset-"));
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

test("P7 a reset empties mailbox, work, logs and state, and nothing else", async () => {
  const gone = [".muster/mailbox/peerA/inbox/1.txt", ".muster/work/b", ".muster/logs/x", ".muster/state/claims/y"];
  const kept = [
    ".muster/settings/foreman.yaml",
    ".muster/rules/local.md",
    ".muster/worktrees/w",
    "docs/por/T001-x/task.yaml",
  ];
  write(...gone, ...kept);
  const purged = [".muster/mailbox", ".muster/work", ".muster/logs", ".muster/state"];
  expect(await resetRepository(repo, { archive: false, at: AT })).toEqual({ purged, archived: [] });
  for (const path of gone) expect([path, existsSync(at(path))]).toEqual([path, false]);
  for (const path of kept) expect([path, existsSync(at(path))]).toEqual([path, true]);
  for (const folder of purged) expect(readdirSync(at(folder))).toEqual([]);
});

test("P7 --archive moves task folders aside first, and only those", async () => {
  write(
    "docs/por/T000007-login/SUBPOR.md",
    "docs/por/T001/task.yaml",
    "docs/por/POR.md",
    "docs/por/Talk/x",
    "docs/por/T01/x",
  );
  const { archived, purged } = await resetRepository(repo, { archive: true, at: AT });
  expect(purged).toEqual([]);
  expect(archived).toEqual([
    "docs/por/_archive/20260304-050607/T000007-login",
    "docs/por/_archive/20260304-050607/T001",
  ]);
  expect(existsSync(at("docs/por/_archive/20260304-050607/T000007-login/SUBPOR.md"))).toBe(true);
  expect(readdirSync(at("docs/por")).sort()).toEqual(["POR.md", "T01", "Talk", "_archive"]);
});

test("P7 a repository without anything of ours is left as it is", async () => {
  expect(await resetRepository(repo, { archive: true, at: AT })).toEqual({ purged: [], archived: [] });
  write("docs/por/POR.md");
  expect(await resetRepository(repo, { archive: true, at: AT })).toEqual({ purged: [], archived: [] });
  expect(readdirSync(repo)).toEqual(["docs"]);
});

test("P7 a reset follows no link, neither to a folder nor inside one", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "muster-elsewhere-"));
  const refused = (archive: boolean) =>
    resetRepository(repo, { archive, at: AT }).then(
      () => "done",
      (error) => error.message,
    );
  try {
    writeFileSync(join(elsewhere, "precious"), "x");
    write(".muster/logs/a", "docs/x");
    symlinkSync(elsewhere, at(".muster/state"));
    expect(await refused(false)).toBe(`${at(".muster/state")} is not a folder of its own`);
    expect(existsSync(at(".muster/logs/a"))).toBe(true);
    rmSync(at(".muster/state"));
    symlinkSync(elsewhere, at("docs/por"));
    expect(await refused(true)).toBe(`${at("docs/por")} is not a folder of its own`);
    symlinkSync(elsewhere, at(".muster/logs/link"));
    expect(await refused(false)).toBe("done");
    expect([existsSync(at(".muster/logs/link")), existsSync(join(elsewhere, "precious"))]).toEqual([false, true]);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
