import { expect, test } from "bun:test";
import { isDoneStage, isOpenStage, lintSubpor, parseSubpor } from "./subpor.ts";
import { sheetTemplate } from "./templates.ts";

const SHEET = `# T000003 - User - dashboard - Owner: peerB - Stage: In-Progress - Timebox: 1d

## Goal/Scope (at most 3 lines)
Users see their numbers.

## Acceptance (3-5 observable)
- [x] the page opens
- [ ] it shows three numbers
* [X] tests pass

## Probe (cheapest decisive)
curl the endpoint

## Kill Criteria
no data source by Friday

## Implementation Approach (at most 3 bullets)
- one endpoint
- one page

## Evidence (refs)
commit:abc1234, log:work/x.log#L1-2

## Next (single)
write the endpoint

## REV (append-only)
10:02 | peerB | started | commit:def5678
`;

const with3 = (from: string, to: string): string[] => lintSubpor(SHEET.replace(from, to), 3);

test("3.16 a sheet says who has it and where it stands, in its first line", () => {
  const sheet = parseSubpor(SHEET);
  expect(sheet).toMatchObject({
    ...{ id: "T000003", title: "User - dashboard", owner: "peerB", stage: "in-progress", timebox: "1d" },
    goal: ["Users see their numbers."],
    approach: ["- one endpoint", "- one page"],
    refs: ["commit:abc1234", "log:work/x.log#L1-2"],
    latest: "commit:def5678",
  });
  expect(sheet.acceptance.map(({ isDone }) => isDone)).toEqual([true, false, true]);
});

test("3.16 a whole sheet has no lint", () => {
  expect(lintSubpor(SHEET, 3)).toEqual([]);
});

test("3.16 parts may be bullets instead of headings", () => {
  const sheet = `# T003 - A - Owner: peerA - Stage: proposed - Timebox: 4h
- Goal/Scope: one thing
- Acceptance:
  - [ ] a
  - [ ] b
  - [ ] c
- Probe: run it
- Kill Criteria: none works
- Implementation Approach: small
- Next: begin
## REV (append-only)
`;
  expect(lintSubpor(sheet, 3)).toEqual([]);
});

test("P70 what a sheet lacks is listed: of a fresh one, everything that a peer must fill in", () => {
  const head = { id: "T000003", title: "A", owner: "peerB", stage: "proposed", timebox: "1d" };
  expect(lintSubpor(sheetTemplate(head), 3)).toEqual([
    "missing: Goal/Scope: what will be true, in at most 3 lines",
    "missing: Probe: the cheapest decisive check",
    "missing: Kill Criteria: what ends this",
    "missing: Next: one decidable step of at most 30 minutes",
    "missing: Implementation Approach: at most 3 bullets",
    "Acceptance: 0 boxes; 3 to 5 are asked",
  ]);
  expect(lintSubpor("words", 3)[0]).toBe("title: # <id> - <title> - Owner: <peer> - Stage: <stage> - Timebox: <time>");
  expect(lintSubpor("words", 3).at(-1)).toBe("missing: ## REV (append-only)");
});

test("3.16 three to five boxes are asked, at most three lines of goal and three bullets of approach", () => {
  expect(with3("* [X] tests pass\n", "")).toEqual(["Acceptance: 2 boxes; 3 to 5 are asked"]);
  expect(with3("* [X] tests pass\n", "- [ ] a\n- [ ] b\n- [ ] c\n")).toEqual([]);
  expect(with3("* [X] tests pass\n", "- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n")).toEqual([
    "Acceptance: 6 boxes; 3 to 5 are asked",
  ]);
  expect(with3("numbers.\n", "numbers.\n2\n3\n")).toEqual([]);
  expect(with3("numbers.\n", "numbers.\n2\n3\n4\n")).toEqual(["Goal: 4 lines; at most 3"]);
  expect(with3("- one page\n", "- one page\n- c\n")).toEqual([]);
  expect(with3("- one page\n", "- one page\n- c\n- d\n")).toEqual(["Implementation Approach: 4 bullets; at most 3"]);
});

test("3.16 the id in the first line is that of the folder, in either width", () => {
  expect(lintSubpor(SHEET, 4)).toEqual(["title: T000003 stands in the folder of another number"]);
  expect(lintSubpor(SHEET.replace("T000003", "T003"), 3)).toEqual([]);
});

test("3.16 done needs every box and one reference that Muster verified", () => {
  const done = SHEET.replace("In-Progress", "done");
  expect(lintSubpor(done, 3)).toEqual([
    "stage done: 1 of 3 boxes are open",
    "stage done: no reference under Evidence is verified",
  ]);
  const all = done.replace("[ ]", "[x]");
  expect(lintSubpor(all, 3, (ref) => ref === "commit:def5678")).toEqual([
    "stage done: no reference under Evidence is verified",
  ]);
  expect(lintSubpor(all, 3, (ref) => ref === "log:work/x.log#L1-2")).toEqual([]);
});

test("a stage is open until it is done or dropped", () => {
  for (const stage of ["done", "complete", "completed", "closed"])
    expect([isDoneStage(stage), isOpenStage(stage)]).toEqual([true, false]);
  for (const stage of ["dropped", "killed", "cancelled", "canceled"])
    expect([isDoneStage(stage), isOpenStage(stage)]).toEqual([false, false]);
  for (const stage of ["in-progress", "at-risk", "", "undone"])
    expect([isDoneStage(stage), isOpenStage(stage)]).toEqual([false, true]);
});

test("3.16 a first line in disorder names nobody, and each missing part of it is a fault", () => {
  const title = "title: # <id> - <title> - Owner: <peer> - Stage: <stage> - Timebox: <time>";
  const head = "# T000003 - User - dashboard - Owner: peerB - Stage: In-Progress - Timebox: 1d";
  for (const bad of [
    "# T000003 User",
    head.replace("peerB", ""),
    head.replace("In-Progress", ""),
    head.replace("1d", ""),
    head.slice(2),
  ]) {
    expect([bad, lintSubpor(SHEET.replace(head, bad), 3)]).toEqual([bad, [title]]);
  }
  expect(parseSubpor("# only words")).toMatchObject({
    id: "",
    title: "only words",
    owner: "",
    stage: "",
    timebox: "",
    latest: "",
  });
  expect(parseSubpor("no heading")).toMatchObject({ title: "", latest: "", refs: [] });
  expect(parseSubpor("# T003  -  A  -  Owner:   peerA  -  Stage:   done  -  Timebox:   2w")).toMatchObject({
    title: "A",
    owner: "peerA",
    stage: "done",
    timebox: "2w",
  });
  expect(lintSubpor(SHEET.replace("# T000003", "# T003 -"), 3)).toEqual([]);
});

test("3.16 references are those under Evidence; the newest of the sheet may stand in REV", () => {
  const sheet = parseSubpor(SHEET.replace("commit:abc1234, ", "commit:abc1234\n").replace(" | commit:def5678", ""));
  expect([sheet.refs, sheet.latest]).toEqual([["commit:abc1234", "log:work/x.log#L1-2"], "log:work/x.log#L1-2"]);
  expect(parseSubpor(SHEET.replace("write the endpoint", "commit:9999999")).refs).not.toContain("commit:9999999");
});

test("3.16 a box says something, with a bullet or without; a word with brackets is none", () => {
  const boxes = (text: string) => parseSubpor(`# x\n## Acceptance\n${text}`).acceptance;
  expect(boxes("[ ] a\n-[x] b\n- [] c\n- [ ]\nsee [x] d")).toEqual([
    { text: "a", isDone: false },
    { text: "b", isDone: true },
  ]);
});

test("3.16 the first heading is no part of a sheet; a heading REV is one from the first day", () => {
  expect(parseSubpor("# Goal\nwords\n").parts).toEqual([]);
  expect(parseSubpor("# x\n## REV\n## Goal\n## Other\n- Unknown: x\n").parts).toEqual(["REV"]);
});

test("3.16 what has no first line, no boxes and no references says nothing", () => {
  expect(parseSubpor("words")).toEqual({
    ...{ id: "", title: "", owner: "", stage: "", timebox: "", goal: [], acceptance: [], refs: [], latest: "" },
    ...{ parts: [], approach: [] },
  });
  expect(parseSubpor("## Acceptance\n- [x]\n- [ ] \n- words\n- [ ] a\n").acceptance).toEqual([
    { text: "a", isDone: false },
  ]);
});

test("3.16 references of several lines are all found, and a stage is a whole word", () => {
  expect(parseSubpor("## Evidence\ncommit:abc1234\ncommit:abc1235\n").refs).toEqual([
    "commit:abc1234",
    "commit:abc1235",
  ]);
  expect(parseSubpor("## REV\na commit:abc1234\nb commit:abc1235\n").latest).toBe("commit:abc1235");
  for (const stage of ["undone", "done?", "not closed", "closed again"]) expect(isDoneStage(stage)).toBe(false);
  for (const stage of ["not dropped", "dropped again"]) expect(isOpenStage(stage)).toBe(true);
});

test("3.16 a sheet without an id is asked for its first line, not for another folder", () => {
  const problems = lintSubpor(SHEET.replace(/^# .*/, "# words"), 3);
  expect(problems).toEqual(["title: # <id> - <title> - Owner: <peer> - Stage: <stage> - Timebox: <time>"]);
});
