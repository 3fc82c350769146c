import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBoards } from "../../test/fakes/board-lab.ts";
import { HandClock } from "../../test/fakes/clock.ts";
import type { RepositoryBoards } from "./folder.ts";

let repo: string;
let clock: HandClock;
let boards: RepositoryBoards;

const opened = () => openBoards(repo, clock);
const at = (path: string): string => join(repo, "docs/por", path);
const write = (path: string, text: string | Uint8Array): void => {
  mkdirSync(join(at(path), ".."), { recursive: true });
  writeFileSync(at(path), text);
};

beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), "muster-por-"));
  clock = new HandClock();
  boards = opened();
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

const PLAN = "id: T001\nname: a\nstatus: planned\nsteps: []\n";

test("a repository without boards is an empty look, and nothing is made", async () => {
  expect(await boards.look()).toMatchObject({
    por: null,
    sheets: [],
    plans: [],
    broken: [],
    scope: null,
    folders: [],
    unsettled: [],
  });
  expect(readdirSync(repo)).toEqual([]);
});

test("the first look takes everything at once: board, sheets, plans of both widths, scope", async () => {
  write("POR.md", "# POR");
  write("T001-a/task.yaml", PLAN);
  write("T000002-b/SUBPOR.md", "# sheet");
  write("scope.yaml", "original: []\n");
  write("notes/x.md", "no task");
  mkdirSync(at("T003-empty"));
  const look = await boards.look();
  expect(look.por).toMatchObject({ path: "docs/por/POR.md", text: "# POR" });
  expect(look.sheets.map(({ number, path }) => [number, path])).toEqual([[2, "docs/por/T000002-b/SUBPOR.md"]]);
  expect(look.plans.map(({ number, document }) => [number, document.value])).toEqual([
    [1, { id: "T001", name: "a", status: "planned", steps: [] }],
  ]);
  expect(look.scope).toEqual({ value: { original: [] } });
  expect(look.folders.map(({ name }) => name)).toEqual(["T001-a", "T000002-b", "T003-empty"]);
  expect([look.broken, look.unsettled, look.again]).toEqual([[], [], undefined]);
});

test("a change counts once the file has stood still for 300 ms; until then the old text stands", async () => {
  write("POR.md", "one");
  await boards.look();
  write("POR.md", "two");
  const look = await boards.look();
  expect([look.por?.text, look.unsettled, look.again]).toEqual(["one", ["docs/por/POR.md"], 300]);
  await clock.pass(200);
  write("POR.md", "three");
  expect((await boards.look()).again).toBe(300);
  await clock.pass(299);
  expect((await boards.look()).por?.text).toBe("one");
  await clock.pass(1);
  const still = await boards.look();
  expect([still.por?.text, still.unsettled, still.again]).toEqual(["three", [], undefined]);
});

test("a file or a folder that is only away for a moment never went", async () => {
  write("T001-a/task.yaml", PLAN);
  write("T001-a/SUBPOR.md", "# sheet");
  await boards.look();
  renameSync(at("T001-a"), at("away"));
  const gone = await boards.look();
  expect([gone.plans.length, gone.sheets.length, gone.folders.length]).toEqual([1, 1, 0]);
  renameSync(at("away"), at("T001-a"));
  await clock.pass(300);
  expect((await boards.look()).plans).toHaveLength(1);
  rmSync(at("T001-a"), { recursive: true });
  await boards.look();
  await clock.pass(300);
  expect((await boards.look()).plans).toEqual([]);
});

test("what cannot be understood is named with its place; the others are read", async () => {
  write("T001-a/task.yaml", "id: [\n");
  write("T002-b/task.yaml", PLAN);
  write("POR.md", new Uint8Array([0xff, 0xfe, 0x00]));
  const look = await boards.look();
  expect(look.broken.map(({ error }) => error)).toEqual([
    "docs/por/POR.md: it is not UTF-8",
    expect.stringMatching(/^docs\/por\/T001-a\/task\.yaml:2:1: /),
  ]);
  expect(look.plans.map(({ number }) => number)).toEqual([2]);
});

test("boards behind links are not read and not written (security S36, S38)", async () => {
  const outside = mkdtempSync(join(tmpdir(), "muster-outside-"));
  try {
    writeFileSync(join(outside, "POR.md"), "secret");
    mkdirSync(join(repo, "docs"));
    symlinkSync(outside, join(repo, "docs/por"));
    const look = await boards.look();
    expect(look.por).toBeNull();
    expect(look.broken.map(({ error }) => error)).toEqual(["docs/por: docs/por is not a folder of its own"]);
    await expect(boards.create("docs/por/T001-x/SUBPOR.md", "x")).rejects.toThrow("is not a folder of its own");
    await expect(boards.writeScope("x")).rejects.toThrow("is not a folder of its own");
    await expect(boards.setStatuses("docs/por/POR.md", [{ status: "active" }])).rejects.toThrow(
      "is not a folder of its own",
    );
    expect(readdirSync(outside)).toEqual(["POR.md"]);
    rmSync(join(repo, "docs/por"));
    write("T001-a/x", "");
    symlinkSync(join(outside, "POR.md"), at("POR.md"));
    linkSync(join(outside, "POR.md"), at("T001-a/SUBPOR.md"));
    symlinkSync(outside, at("T002-b"));
    const second = await opened().look();
    expect(second.broken.map(({ error }) => error)).toEqual([
      "docs/por/POR.md: it is a symbolic link",
      "docs/por/T001-a/SUBPOR.md: it has more than one name (hard link)",
    ]);
    expect(second.folders.map(({ name }) => name)).toEqual(["T001-a"]);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test("status fields are written whole, with the file's mode, and need no settling", async () => {
  write("T001-a/task.yaml", PLAN);
  chmodSync(at("T001-a/task.yaml"), 0o640);
  await boards.look();
  await boards.setStatuses("docs/por/T001-a/task.yaml", [{ status: "active" }]);
  expect(readFileSync(at("T001-a/task.yaml"), "utf8")).toBe(PLAN.replace("planned", "active"));
  expect(statSync(at("T001-a/task.yaml")).mode & 0o777).toBe(0o640);
  const look = await boards.look();
  expect(look.unsettled).toEqual([]);
  expect(look.plans[0]?.text).toContain("active");
  expect(readdirSync(at("T001-a"))).toEqual(["task.yaml"]);
});

test("a file that changed since it was read is not replaced", async () => {
  write("POR.md", "one");
  expect(await boards.replace("docs/por/POR.md", "other", "two")).toBe(false);
  expect(readFileSync(at("POR.md"), "utf8")).toBe("one");
  expect(await boards.replace("docs/por/POR.md", "one", "two")).toBe(true);
  expect(readFileSync(at("POR.md"), "utf8")).toBe("two");
});

test("a file is made with its folders, and one that is there is kept", async () => {
  expect(await boards.create("docs/por/T001-x/SUBPOR.md", "mine")).toBe(true);
  expect(await boards.create("docs/por/T001-x/SUBPOR.md", "other")).toBe(false);
  expect(readFileSync(at("T001-x/SUBPOR.md"), "utf8")).toBe("mine");
});

test("scope.yaml is written where no boards are yet, and is read back at once", async () => {
  await boards.look();
  await boards.writeScope("original: [T001]\ncurrent: []\n");
  expect((await boards.look()).scope).toEqual({ value: { original: ["T001"], current: [] } });
  write("scope.yaml", "x: [");
  await clock.pass(0);
  await boards.look();
  await clock.pass(300);
  expect((await boards.look()).scope).toEqual({ value: null });
});

test("a change wakes whoever watches, also in a folder that came later; no more once it stops", async () => {
  write("POR.md", "one");
  const ending = new AbortController();
  let heard = () => {};
  const next = () => new Promise<void>((done) => (heard = done));
  boards.watch(() => heard(), ending.signal);
  await boards.look();
  const first = next();
  write("T001-a/task.yaml", PLAN);
  await first;
  await boards.look();
  const second = next();
  writeFileSync(at("T001-a/SUBPOR.md"), "# new");
  await second;
  ending.abort();
  heard = () => {
    throw new Error("heard after the end");
  };
  writeFileSync(at("T001-a/SUBPOR.md"), "# newer");
  await boards.look();
});

test("a look has the same version as long as nothing changes, not even what has not settled", async () => {
  write("POR.md", "one");
  write("T001-a/task.yaml", PLAN);
  const first = (await boards.look()).version;
  expect((await boards.look()).version).toBe(first);
  const versions = [first];
  const next = async () => versions.push((await boards.look()).version);
  write("POR.md", "two");
  await next();
  await clock.pass(300);
  await next();
  write("T001-a/SUBPOR.md", "# new");
  await next();
  rmSync(at("T001-a"), { recursive: true });
  await next();
  expect(new Set(versions).size).toBe(versions.length);
});
