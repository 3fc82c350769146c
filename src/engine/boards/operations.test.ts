import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { BoardLab, planText } from "../../../test/fakes/board-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { POR_TEMPLATE } from "../../core/boards/templates.ts";
import type { SheetOrder } from "../../core/boards/view.ts";
import { Refusal } from "../../core/refusal.ts";

let lab: BoardLab;
beforeEach(() => {
  lab = new BoardLab();
});
afterEach(() => lab.end());

const make = (more: Partial<SheetOrder> = {}) =>
  lab.operations.newSheet({ repo: lab.repo, title: "User dashboard", owner: "peerA", ...more });

/** Code and message of a refusal. */
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "granted",
    (error: unknown) => (error instanceof Refusal ? `${error.code}: ${error.message}` : Promise.reject(error)),
  );

test("P11 a new sheet gets the next number that no folder and no fact has, in a folder named after its title", async () => {
  lab.write("T004-old/task.yaml", planText("T004", ["pending", "pending"]));
  expect(await make()).toEqual({ id: "T000005", path: "docs/por/T000005-user-dashboard/SUBPOR.md" });
  expect(lab.read("T000005-user-dashboard/SUBPOR.md")).toStartWith(
    "# T000005 - User dashboard - Owner: peerA - Stage: proposed - Timebox: 1d\n",
  );
  lab.remove("T000005-user-dashboard");
  expect((await make({ slug: "two", timebox: "4h", owner: "peerB" })).path).toBe("docs/por/T000006-two/SUBPOR.md");
  expect(lab.read("T000006-two/SUBPOR.md")).toContain("Owner: peerB - Stage: proposed - Timebox: 4h\n");
});

test("P70 a board is read as it is written, without what a terminal would obey; one that is not there is named", async () => {
  expect(await refused(lab.operations.text(lab.repo, "POR"))).toBe("missing: there is no POR in docs/por");
  lab.write("POR.md", "# POR\u001b[2J - plan\n");
  expect(await lab.operations.text(lab.repo, "POR")).toMatchObject({
    path: "docs/por/POR.md",
    text: "# POR\ufffd[2J - plan\n",
  });
  const { id } = await make();
  expect((await lab.operations.text(lab.repo, id)).text).toStartWith(`# ${id} - User dashboard`);
  for (const none of ["T000099", "../../etc/passwd", ""])
    expect(await refused(lab.operations.text(lab.repo, none))).toBe(`missing: there is no ${none} in docs/por`);
});

test("P71 sheets made at the same time get different numbers", async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => make()));
  expect(new Set(made.map(({ id }) => id)).size).toBe(8);
  expect(readdirSync(join(lab.repo, "docs/por"))).toHaveLength(8);
});

test("P11 an id may be given; a used one is refused, also after its folder is gone", async () => {
  expect(await make({ id: "T000042" })).toMatchObject({ id: "T000042" });
  expect(await refused(make({ id: "T000042" }))).toBe("state: T000042 is used already");
  expect(await refused(make({ id: "T042" }))).toBe("state: T000042 is used already");
  lab.remove("T000042-user-dashboard");
  expect(await refused(make({ id: "T000042" }))).toBe("state: T000042 is used already");
  expect((await make()).id).toBe("T000043");
  expect((await make({ id: "T000002" })).id).toBe("T000002");
});

test("P11 a plan that has the number keeps its folder: both are the same task", async () => {
  lab.write("T007-dash/task.yaml", planText("T007", ["pending", "pending"]));
  expect(await make({ id: "T000007" })).toEqual({ id: "T000007", path: "docs/por/T007-dash/SUBPOR.md" });
  expect(lab.read("T007-dash/SUBPOR.md")).toStartWith("# T000007 - ");
});

test("P11 a bad id, a missing title, an unknown owner, a bad slug or timebox is wrong usage, and nothing is made", async () => {
  const cases: [order: Partial<SheetOrder>, says: string][] = [
    [{ id: "T1" }, "usage: T1 is no id"],
    [{ id: "42" }, "usage: 42 is no id"],
    [{ id: "" }, "usage:  is no id"],
    [{ title: "" }, "usage: a title is missing"],
    [{ title: " \n " }, "usage: a title is missing"],
    [{ owner: "PeerC" }, "usage: PeerC is no owner"],
    [{ slug: "../x" }, "usage: ../x is no slug"],
    [{ timebox: "soon" }, "usage: soon is no timebox"],
    [{ timebox: "0d" }, "usage: 0d is no timebox"],
  ];
  for (const [order, says] of cases) expect(await refused(make(order))).toBe(says);
  expect(lab.has("")).toBe(false);
  expect(lab.house.facts("subpor.opened")).toEqual([]);
});

test("P11 after the last number none is left but what a person gives", async () => {
  lab.write("T999999-last/SUBPOR.md", "# x");
  expect(await refused(make())).toBe("state: no number is left");
  expect((await make({ id: "T000001" })).id).toBe("T000001");
});

test("P11 init lays out the board once and keeps one that is there", async () => {
  expect(await lab.operations.init(lab.repo)).toEqual({ path: "docs/por/POR.md", changed: [], todo: [], isNew: true });
  expect(lab.read("POR.md")).toBe(POR_TEMPLATE);
  lab.write("POR.md", "# mine");
  expect((await lab.operations.init(lab.repo)).isNew).toBe(false);
  expect(lab.read("POR.md")).toBe("# mine");
});

test("P11 sync fills the portfolio from the sheets and says what is left to do", async () => {
  expect(await refused(lab.operations.sync(lab.repo))).toBe("missing: there is no docs/por/POR.md");
  await lab.operations.init(lab.repo);
  await make();
  const done = await lab.operations.sync(lab.repo);
  const row = "| T000001 | User dashboard | peerA | proposed |  | T000001-user-dashboard/SUBPOR.md |";
  expect(done).toEqual({ path: "docs/por/POR.md", changed: [row], todo: [], isNew: false });
  expect(lab.read("POR.md")).toContain(`|---|---|---|---|---|---|\n${row}\n`);
  expect((await lab.operations.sync(lab.repo)).changed).toEqual([]);
  lab.write("POR.md", "# mine");
  expect((await lab.operations.sync(lab.repo)).todo).toEqual([
    "add the heading ## Portfolio Health (in-progress / at-risk only)",
  ]);
  expect(lab.read("POR.md")).toBe("# mine");
});

test("P77 the boards can be seen without a look of the team, and with what the team knows", async () => {
  lab.write("T001-a/task.yaml", planText("T001", ["complete", "pending"]));
  lab.write("T002-b/task.yaml", "id: T002\nname: [");
  const view = await lab.operations.view(lab.repo);
  expect(view).toMatchObject({ repo: lab.repo, folder: "docs/por", team: "t", por: null, scope: null });
  expect(view.tasks.map(({ id }) => id)).toEqual(["T001"]);
  expect(view.errors[0]).toStartWith("docs/por/T002-b/task.yaml:2:");
  await lab.look();
  lab.letter(ANN, BOB, "progress: T001.S2 blocked: no key");
  await lab.look();
  const seen = await lab.operations.view(lab.repo);
  expect(seen.tasks[0]?.blocked).toEqual({ S2: "no key" });
  expect(seen.scope).toEqual({ original: ["T001"], current: ["T001"] });
});

test("P70 the view has the board's lint, its sheets and theirs", async () => {
  await lab.operations.init(lab.repo);
  await make();
  const view = await lab.operations.view(lab.repo);
  expect(view.por?.lint).toEqual(["portfolio: no row for T000001 User dashboard"]);
  expect(view.sheets.map(({ id, lint }) => [id, lint.length])).toEqual([["T000001", 6]]);
});

test("P73 recent decisions come from the board and from the ledger, newest first, each with refs", async () => {
  const log = "## Decision & Pivot Log (recent 5)";
  lab.write(
    "POR.md",
    POR_TEMPLATE.replace(
      log,
      `${log}\n2099-01-01 | speed | cache | commit:abc1234\n2001-01-01 | old | files | log:a#L1`,
    ),
  );
  lab.house.observe({
    type: "rfd.opened",
    rfd: "rfd-msg-12345678",
    team: "t",
    kind: "msg",
    author: ANN,
    title: "Drop v1",
    tasks: [],
    patch: "P-0001",
  } as never);
  lab.house.observe({ type: "rfd.decided", rfd: "rfd-msg-12345678", decision: "approve", by: "user" } as never);
  lab.write("scope.yaml", "original: [T001, T002]\ncurrent: [T001, T002]\n");
  lab.write("T001-a/task.yaml", planText("T001", ["pending", "pending"]).replace("planned", "active"));
  await lab.look();
  const { turns } = await lab.operations.view(lab.repo);
  expect(turns.map(({ text, refs, source }) => [text, refs, source])).toEqual([
    ["speed: cache", ["commit:abc1234"], "POR"],
    ["RFD Drop v1: approve", ["rfd-msg-12345678", "P-0001"], "ledger"],
    ["old: files", ["log:a#L1"], "POR"],
    ["scope since the start: -T002", ["T002"], "ledger"],
  ]);
  expect(turns[1]?.date).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test("P73 an open request for decision is none yet, and that of another repository is not ours", async () => {
  const opened = { type: "rfd.opened", kind: "msg", author: ANN, title: "x", tasks: [] } as const;
  lab.house.observe({ ...opened, rfd: "rfd-msg-1", team: "t" } as never);
  lab.house.observe({ ...opened, rfd: "rfd-msg-2", team: "other" } as never);
  lab.house.observe({ type: "rfd.decided", rfd: "rfd-msg-2", decision: "approve", by: "user" } as never);
  expect((await lab.operations.view(lab.repo)).turns).toEqual([]);
});

test("P11 a refusal says the next step", async () => {
  const hint = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "",
      (error: Refusal) => error.hint,
    );
  expect(await hint(make({ id: "T1" }))).toBe("T and six digits, such as T000007");
  expect(await hint(make({ timebox: "1x" }))).toBe("30m, 4h, 1d or 2w");
  expect(await hint(lab.operations.sync(lab.repo))).toBe("muster por init makes one");
  await make({ id: "T000001" });
  expect(await hint(make({ id: "T000001" }))).toBe("leave --id out: the next free one is taken");
  expect((await make({ timebox: "30m" })).id).toBe("T000002");
});

test("P11 a board that somebody changed meanwhile, or a sheet that is there by now, is left as it is, and what to do is said", async () => {
  await lab.operations.init(lab.repo);
  await make();
  const said = (work: Promise<unknown>) =>
    work.then(
      () => "",
      ({ message, hint }: Refusal) => `${message}; ${hint}`,
    );
  const late = Object.assign(lab.opened(), { replace: async () => false, create: async () => false });
  lab.opened = () => late;
  const board = lab.read("POR.md");
  expect(await said(lab.operations.sync(lab.repo))).toBe("docs/por/POR.md changed just now; try again");
  expect(await said(make({ id: "T000007" }))).toBe(
    "docs/por/T000007-user-dashboard/SUBPOR.md is there already; take another id",
  );
  expect(lab.read("POR.md")).toBe(board);
});

test("P77 without a team the boards can be seen all the same", async () => {
  lab.write("T001-a/task.yaml", planText("T001", ["complete", "pending"]));
  lab.house.dispatch({ do: "stop", team: "t", reason: "enough" });
  const view = await lab.operations.view(lab.repo);
  expect([view.team, view.tasks.map(({ id, status }) => [id, status])]).toEqual([null, [["T001", "planned"]]]);
});
