import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../src/core/facts.ts";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();
const repo = join(world.folder, "repo");

/** A command in the repository; its words as a person sees them. */
async function muster(...args: string[]) {
  const ran = Bun.spawn([process.execPath, "--no-install", MAIN, ...args], {
    env: { ...world.env(), MUSTER_HOME: world.home.folder },
    cwd: repo,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
    ran.exited,
  ]);
  return { out: out.trim(), err: err.trim(), code };
}

const write = (path: string, text: string): void => {
  mkdirSync(join(repo, path, ".."), { recursive: true });
  writeFileSync(join(repo, path), text);
};

beforeAll(async () => {
  mkdirSync(join(repo, ".git"), { recursive: true });
  await world.boot();
});
afterAll(() => world.end());

test("P11 the boards are laid out, listed, linted and synced without a team", async () => {
  const lint = await muster("por", "lint");
  expect([lint.code, lint.err]).toEqual([66, "muster: por: there is no docs/por/POR.md; muster por init makes one"]);
  expect((await muster("por", "init")).out).toBe("created  docs/por/POR.md");
  expect((await muster("por", "init")).out).toBe("kept  docs/por/POR.md");
  expect(await muster("por", "lint")).toMatchObject({ code: 0, out: "docs/por/POR.md in order" });
  const made = await muster("subpor", "new", "--title", "Cache", "--owner", "peerB", "--json");
  expect(JSON.parse(made.out)).toEqual({ id: "T000001", path: "docs/por/T000001-cache/SUBPOR.md" });
  expect((await muster("subpor")).out).toMatch(/^SUBPOR .*\nT000001 +proposed +peerB +\d+s ago +6 to mend +Cache$/);
  const sheet = await muster("subpor", "lint", "T000001");
  expect([sheet.code, sheet.out.split("\n")[1]]).toEqual([
    1,
    "  missing: Goal/Scope: what will be true, in at most 3 lines",
  ]);
  expect((await muster("por", "sync")).out).toContain("filled  docs/por/POR.md\n  | T000001 | Cache | peerB |");
  expect(readFileSync(join(repo, "docs/por/POR.md"), "utf8")).toContain("| T000001 | Cache | peerB | proposed |");
  expect((await muster("subpor", "open", "1")).out).toBe(join(repo, "docs/por/T000001-cache/SUBPOR.md"));
  expect((await muster("por")).out).toMatch(/^docs\/por\/POR\.md - changed \d+s ago - in order\n/);
});

test("P11 what cannot be granted ends with its own code and the next step", async () => {
  const cases: [args: string[], code: number, says: RegExp][] = [
    [["subpor", "new", "--title", "x", "--owner", "peerA", "--id", "T1"], 64, /T1 is no id/],
    [["subpor", "new", "--title", "x", "--owner", "peerA", "--id", "T000001"], 73, /T000001 is used already/],
    [["subpor", "new", "--owner", "peerA"], 64, /a title is missing; --title/],
    [["subpor", "new", "--title", "x"], 64, /an owner is missing; --owner peerA or peerB/],
    [["subpor", "new", "--title", "x", "--owner", "me"], 64, /me is no owner/],
    [["subpor", "lint"], 64, /an id is missing; muster subpor lint T000001/],
    [["subpor", "lint", "x"], 64, /x is no id/],
    [["subpor", "lint", "T000009"], 66, /no SUBPOR T000009; nearest: T000001/],
    [["subpor", "opn"], 64, /did you mean muster subpor open\?/],
    [["por", "snyc"], 64, /did you mean muster por sync\?/],
    [["task", "T009"], 66, /no task T009; there is no plan yet/],
  ];
  for (const [args, code, says] of cases) {
    const ran = await muster(...args);
    expect([args, ran.code]).toEqual([args, code]);
    expect(ran.err).toMatch(says);
  }
});

test("P76 P77 a running team's markers move the plan that muster task shows, and the file keeps its comments", async () => {
  const facts = async (): Promise<Event[]> =>
    (await world.client.get<{ facts: Event[] }>("/api/ledger?after=0&limit=1000")).facts;
  const heard = (type: Event["type"]) => until(type, async () => (await facts()).some((fact) => fact.type === type));
  const driver = { driver: "standin" };
  await world.client.post("/api/teams", { repo, name: "boards", peerA: driver, peerB: driver });
  await heard("board.seen");
  const plan =
    "# by PeerA\nid: T003\nname: Dash\nsteps:\n  - {id: S1, name: one, status: pending} # first\n  - {id: S2, name: two, status: pending}\n";
  write("docs/por/T003-dash/task.yaml", plan);
  const out = join(repo, ".muster/mailbox/peerA/out");
  const letter =
    "<TO_PEER>\nprogress: T003 start\nprogress: T003.S1 done\nprogress: T009 start\n</TO_PEER>\n```insight\nwho: PeerA\nkind: note\nnext: go\n```\n";
  writeFileSync(join(out, ".posting"), letter);
  renameSync(join(out, ".posting"), join(out, "1.to_peer.md"));
  await heard("task.refused");
  expect((await muster("task")).out).toBe(
    "Blueprint 0/1 -> T003 [S2]\n\nTASK  STATUS  STEPS  NAME  NOW\nT003  active  1/2    Dash  S2 two",
  );
  expect((await muster("task", "3")).out).toContain("  S1  complete     one\n  S2  in progress  two");
  expect((await muster("task", "T009")).err).toBe("muster: task: no task T009; nearest: T003");
  const written = readFileSync(join(repo, "docs/por/T003-dash/task.yaml"), "utf8");
  expect(written).toContain("# by PeerA\n");
  expect(written).toContain("{id: S1, name: one, status: complete} # first");
  expect(readFileSync(join(repo, "docs/por/scope.yaml"), "utf8")).toContain("current: [T003]");
  const told = (await facts()).flatMap((fact) =>
    fact.type === "message.queued" && fact.to === "user" ? [fact.preview] : [],
  );
  expect(told).toContain("Plan made: T003 Dash, 2 steps (docs/por/T003-dash/task.yaml)");
  rmSync(join(repo, "docs/por/T003-dash"), { recursive: true });
  await heard("task.gone");
});
