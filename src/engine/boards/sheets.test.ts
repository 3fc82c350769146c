import { afterEach, beforeEach, expect, test } from "bun:test";
import { BoardLab, planText } from "../../../test/fakes/board-lab.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { POR_TEMPLATE, sheetTemplate } from "../../core/boards/templates.ts";
import { USER } from "../../core/ids.ts";

let lab: BoardLab;
beforeEach(() => {
  lab = new BoardLab();
});
afterEach(() => lab.end());

const sheet = (id: string, stage = "proposed"): string =>
  sheetTemplate({ id, title: "Cache", owner: "peerB", stage, timebox: "1d" });

const WARNING = "T000001 Cache (docs/por/T000001-cache/SUBPOR.md) came without PeerA's ACK";

test("P70 the board and its sheets are seen with their lint and age; links between them are part of it", async () => {
  lab.write("POR.md", POR_TEMPLATE);
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.look();
  expect(lab.boards.por).toMatchObject({ path: "docs/por/POR.md", lint: ["portfolio: no row for T000001 Cache"] });
  expect(lab.boards.por?.updatedAt).toBeGreaterThan(1_700_000_000_000);
  expect(lab.boards.subpors.T000001).toMatchObject({
    ...{ id: "T000001", title: "Cache", owner: "peerB", stage: "proposed", path: "docs/por/T000001-cache/SUBPOR.md" },
  });
  expect(lab.boards.subpors.T000001?.lint).toHaveLength(6);
});

test("P70 only changes become facts, and what is removed is gone", async () => {
  lab.write("POR.md", POR_TEMPLATE);
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.look();
  const before = lab.house.state.seq;
  expect(await lab.look()).toBe(5000);
  expect(lab.house.state.seq).toBe(before);
  lab.write("POR.md", POR_TEMPLATE.replace("## Operating Principles (short)", ""));
  lab.remove("T000001-cache");
  await lab.settled();
  expect(lab.boards.por?.lint).toEqual(["missing: ## Operating Principles (short)"]);
  expect(lab.boards.subpors).toEqual({});
  lab.remove("POR.md");
  await lab.settled();
  expect(lab.boards.por).toBeUndefined();
});

test("P70 a sheet that is removed is gone, and the others stay", async () => {
  for (const id of ["T000001", "T000002"]) lab.write(`${id}-cache/SUBPOR.md`, sheet(id));
  await lab.settled();
  lab.remove("T000001-cache");
  await lab.settled();
  expect(Object.keys(lab.boards.subpors)).toEqual(["T000002"]);
});

test("P70 a repository without boards is looked at and left as it is", async () => {
  await lab.look();
  expect([lab.boards.isKnown, lab.boards.por, lab.boards.errors]).toEqual([true, undefined, {}]);
  expect(lab.has("")).toBe(false);
});

test("P70 done needs a reference that Muster verified, from a letter or by looking itself", async () => {
  const done = (ref: string) =>
    sheet("T000001", "done")
      .replace("- [ ]\n- [ ]\n- [ ]", "- [x] a\n- [x] b\n- [x] c")
      .replace("## Evidence (refs)", `## Evidence\n${ref}`);
  const unproven = "stage done: no reference under Evidence is verified";
  lab.write("T000001-cache/SUBPOR.md", done("commit:abc1234"));
  await lab.look();
  expect(lab.boards.subpors.T000001?.lint).toContain(unproven);
  lab.verified.add("commit:def5678");
  lab.write("T000001-cache/SUBPOR.md", done("commit:def5678"));
  await lab.settled();
  expect(lab.boards.subpors.T000001?.lint).not.toContain(unproven);
  lab.write("T000001-cache/SUBPOR.md", done("cmd:bun test::OK"));
  await lab.settled();
  expect(lab.boards.subpors.T000001?.lint).toContain(unproven);
  lab.house.observe({ type: "evidence.cited", mid: "m", team: "t", author: ANN, ref: "cmd:bun test::OK" });
  lab.house.observe({ type: "evidence.judged", mid: "m", ref: "cmd:bun test::OK", verdict: "verified", detail: "" });
  await lab.look();
  expect(lab.boards.subpors.T000001?.lint).not.toContain(unproven);
});

test("P70 two sheets of one number: the second is an error, told to PeerB", async () => {
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  lab.write("T001-other/SUBPOR.md", sheet("T001"));
  await lab.look();
  const error = "docs/por/T001-other/SUBPOR.md: T000001 has a SUBPOR already in docs/por/T000001-cache/SUBPOR.md";
  expect(Object.values(lab.boards.errors)).toEqual([error]);
  expect(lab.told(BOB)[0]).toStartWith(error);
  expect(lab.told(ANN)).toEqual([]);
});

test("P71 a sheet that comes without PeerA's ACK is a warning to both and to people", async () => {
  await lab.look();
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.settled();
  expect(lab.told(ANN)[0]).toStartWith(WARNING);
  expect(lab.told(BOB)[0]).toStartWith(WARNING);
  expect(lab.notices()[0]).toStartWith(WARNING);
});

test("P71 after a proposal of PeerB an ACK of PeerA agrees to one sheet, and to one only", async () => {
  await lab.look();
  lab.letter(BOB, ANN, "CLAIM: a sheet for the cache");
  lab.letter(ANN, BOB, "ACK: go on");
  lab.letter(ANN, BOB, "ACK again");
  expect(lab.house.facts("subpor.acked")).toHaveLength(1);
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.settled();
  expect(lab.notices()).toEqual([]);
  lab.write("T000002-more/SUBPOR.md", sheet("T000002"));
  await lab.settled();
  expect(lab.notices()[0]).toStartWith("T000002 Cache");
});

test("P71 an ack line that names PeerB's letter is an ACK as well; a nack is none", async () => {
  await lab.look();
  const mid = lab.letter(BOB, ANN, "may I open one?");
  lab.letter(ANN, BOB, `nack: ${mid} not now`);
  lab.letter(ANN, BOB, "ack: muster-9-ffffff");
  expect(lab.house.facts("subpor.acked")).toEqual([]);
  lab.letter(ANN, BOB, `fine\nack: ${mid}`);
  expect(lab.house.facts("subpor.acked")).toHaveLength(1);
});

test("P71 no ACK is one before a proposal, of PeerB, of a person, or to the user", async () => {
  await lab.look();
  lab.letter(ANN, BOB, "ACK: whatever comes");
  lab.letter(BOB, ANN, "ACK: my own");
  lab.letter(USER, BOB, "ACK: I say so");
  lab.letter(ANN, USER, "ACK: told");
  lab.letter(ANN, BOB, "No ACK from me");
  expect(lab.house.facts("subpor.acked")).toEqual([]);
});

test("P71 sheets of before the team, those a person makes, and those of a solo agent are no warning", async () => {
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.look();
  const made = await lab.operations.newSheet({ repo: lab.repo, title: "More", owner: "peerA" });
  expect(made.id).toBe("T000002");
  await lab.settled();
  expect(Object.keys(lab.boards.subpors)).toEqual(["T000001", "T000002"]);
  expect(lab.notices()).toEqual([]);
  await lab.end();
  lab = new BoardLab(true);
  await lab.look();
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.settled();
  expect(lab.notices()).toEqual([]);
});

test("P74 a small task of a person is noted as a quick one; a peer may say so, too", async () => {
  lab.letter(USER, ANN, "fix the typo in README.md");
  lab.letter(BOB, ANN, "quick: bump the version");
  expect(lab.house.facts("task.waived").map(({ what }) => what)).toEqual([
    "fix the typo in README.md",
    "bump the version",
  ]);
  expect(lab.told(ANN)).toEqual([]);
});

test("P74 a doubtful task gets one question that offers the choices, to the planner alone", async () => {
  lab.letter(USER, ANN, "make it faster");
  lab.letter(USER, BOB, "make it faster");
  expect(lab.told(ANN)).toEqual([
    `Plan or quick task? "make it faster" does not say. A plan comes first for 3 files or more, more than 50 lines, a new module, API or dependency, what users see, data flow, a test suite. Choose one:
a) a plan first: docs/por/T###-slug/task.yaml with 2 to 8 steps, then progress: T### start
b) a quick task: say so in your next letter by a line quick: <what>
c) ask the user one question that offers the choices`,
  ]);
  expect(lab.told(BOB)).toEqual([]);
});

test("P74 nothing is asked about a clear task, a question, a peer's letter, or while a plan is worked on", async () => {
  lab.letter(USER, ANN, "add a new module for billing");
  lab.letter(USER, ANN, "how far are you?");
  lab.letter(BOB, ANN, "make it faster");
  lab.write("T001-a/task.yaml", "id: T001\nname: a\nsteps: [{id: S1, name: a}, {id: S2, name: b}]\n");
  await lab.look();
  lab.letter(USER, ANN, "make it faster");
  lab.letter(USER, ANN, "fix the typo");
  expect([lab.told(ANN), lab.house.facts("task.waived")]).toEqual([[], []]);
});

test("P71 an ACK needs a proposal after the newest sheet, and a letter", async () => {
  await lab.look();
  lab.letter(BOB, ANN, "CLAIM: a sheet");
  lab.letter(ANN, BOB, "ACK", { kind: "system" });
  expect(lab.house.facts("subpor.acked")).toEqual([]);
  lab.letter(ANN, BOB, "ACK");
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  await lab.settled();
  lab.letter(ANN, BOB, "ACK: for later");
  expect([lab.house.facts("subpor.acked").length, lab.boards.isAcked]).toEqual([1, false]);
});

test("P70 a reference that was refuted or only claimed proves nothing", async () => {
  const done = sheet("T000001", "done").replace("## Evidence (refs)", "## Evidence\ncmd:bun test::OK");
  for (const [mid, verdict] of [
    ["m1", "claimed"],
    ["m2", "refuted"],
  ] as const) {
    lab.house.observe({ type: "evidence.cited", mid, team: "t", author: ANN, ref: "cmd:bun test::OK" });
    lab.house.observe({ type: "evidence.judged", mid, ref: "cmd:bun test::OK", verdict, detail: "" });
  }
  lab.write("T000001-cache/SUBPOR.md", done);
  await lab.look();
  expect(lab.boards.subpors.T000001?.lint).toContain("stage done: no reference under Evidence is verified");
});

test("P71 a sheet that a person makes takes no ACK away from a peer's", async () => {
  await lab.look();
  lab.letter(BOB, ANN, "CLAIM: a sheet");
  lab.letter(ANN, BOB, "ACK");
  await lab.operations.newSheet({ repo: lab.repo, title: "Own", owner: "peerA" });
  lab.write("T000002-more/SUBPOR.md", sheet("T000002"));
  await lab.settled();
  expect(lab.house.facts("subpor.seen").map(({ isAgreed }) => isAgreed)).toEqual([true, true]);
  expect(lab.notices()).toEqual([]);
});

test("P74 a task of a person is weighed again once every plan is complete", async () => {
  lab.write(
    "T001-a/task.yaml",
    planText("T001", ["complete", "complete"]).replace("status: planned", "status: complete"),
  );
  await lab.settled();
  expect(lab.shown("T001")).toStartWith("complete");
  lab.letter(USER, ANN, "make it faster");
  expect(lab.told(ANN).at(-1)).toStartWith("Plan or quick task?");
});

test("P71 one ACK agrees to one of two sheets that come together", async () => {
  await lab.look();
  lab.letter(BOB, ANN, "CLAIM: a sheet");
  lab.letter(ANN, BOB, "ACK");
  lab.write("T000001-cache/SUBPOR.md", sheet("T000001"));
  lab.write("T000002-more/SUBPOR.md", sheet("T000002"));
  await lab.settled();
  expect(lab.house.facts("subpor.seen").map(({ isAgreed }) => isAgreed)).toEqual([true, false]);
  expect(lab.notices()).toHaveLength(1);
});
