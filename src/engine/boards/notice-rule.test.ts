import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact } from "../../core/facts.ts";
import { boardNoticeRule } from "./notices.ts";

const plan = (id: string, status: "planned" | "active" | "complete" = "planned") =>
  ({ id, name: `Task ${id}`, goal: "g", status, steps: [], path: `docs/por/${id}/task.yaml` }) as never;

let it: History;
beforeEach(() => form());

function form(isSolo = false): void {
  it = new History();
  const agents = isSolo ? [ANN] : [ANN, BOB];
  const seats = agents.map((agent, n) => ({ seat: `Peer${"AB"[n]}`, agent, driver: "standin" }));
  it.fold([
    { type: "team.formed", team: "pair", topology: isSolo ? "solo" : "pair", repo: "/r", seats },
    ...seats.map(({ seat, agent }) => ({ type: "agent.hired", hire: hireOf(agent, { team: "pair", seat }) }) as const),
  ]);
}

/** What is told because of a fact: notices with their level, letters with their reader, other facts by their type. */
function told(fact: object): string[] {
  it.fold([{ team: "pair", ...fact } as Fact]);
  const event = it.events.at(-1);
  const commands = event ? boardNoticeRule(it.state, event) : [];
  return commands.flatMap((command) => {
    if (command.do === "send") return [`to ${command.letter.to}: ${command.letter.text}`];
    const [found] = command.do === "observe" ? command.facts : [];
    return [found?.type === "notice.raised" ? `${found.level} ${found.about}: ${found.text}` : `${found?.type}`];
  });
}

const both = (text: string) => [`to ${ANN}: ${text}`, `to ${BOB}: ${text}`];

test("P75 P77 a new plan is told to the user, and given to the reviewer before it begins", () => {
  const seen = (status: "planned" | "active", isNew?: true) =>
    told({ type: "task.seen", task: plan("T001", status), isNew });
  const made = "Plan made: T001 Task T001, 0 steps (docs/por/T001/task.yaml)";
  const said = [`info pair: ${made}`, `to user: ${made}`];
  expect(seen("planned", true)).toEqual([
    ...said,
    `to ${BOB}: Review the plan docs/por/T001/task.yaml (T001 Task T001): at most 2 COUNTERs within 10 minutes, or ACK; then PeerA begins.`,
  ]);
  expect(seen("active", true)).toEqual(said);
  expect(seen("planned")).toEqual([]);
  form(true);
  expect(seen("planned", true)).toEqual([
    ...said,
    `to ${ANN}: Review your plan docs/por/T001/task.yaml yourself (order, risks, what each step proves), then begin: progress: T001 start`,
  ]);
});

test("P77 a blocked step is a warning; a complete task is told, and with the last one that all are", () => {
  for (const id of ["T001", "T002"]) it.observe({ type: "task.seen", team: "pair", task: plan(id) });
  const moved = (id: string, more: object) =>
    told({ type: "task.moved", author: ANN, letter: "m-1", n: 0, id, ...more });
  expect(moved("T001", { step: "S1", action: "blocked", reason: "no key" })).toEqual([
    "warning pair: T001.S1 Task T001 is blocked: no key",
  ]);
  expect(moved("T001", { step: "S1", action: "done" })).toEqual([]);
  const done = (id: string) => [
    `info pair: Task complete: ${id} Task ${id}`,
    `to user: Task complete: ${id} Task ${id}`,
  ];
  expect(moved("T001", { action: "done", became: "complete" })).toEqual(done("T001"));
  for (const id of ["T001", "T002"]) it.observe({ type: "task.seen", team: "pair", task: plan(id, "complete") });
  expect(moved("T002", { action: "done", became: "complete" })).toEqual([...done("T002"), "plan.completed"]);
  const all = (tasks: number) => told({ type: "plan.completed", tasks });
  expect(all(2)).toEqual(["info pair: All complete: 2 tasks", "to user: All complete: 2 tasks"]);
  expect(all(1)[0]).toBe("info pair: All complete: 1 task");
});

test("P76 a marker that is not taken is told to its author alone, with those that are valid", () => {
  const [said = "", ...more] = told({
    type: "task.refused",
    author: BOB,
    letter: "m",
    n: 0,
    text: "T9 go",
    reason: "no task",
  });
  expect([said.split("\n")[0], more]).toEqual([`to ${BOB}: Marker not taken: T9 go: no task`, []] as never);
});

test("P71 P75 what is wrong in a plan is said to the planner, in a sheet to the reviewer, and to people as a warning", () => {
  const broken = (path: string) => told({ type: "board.broken", path, error: `${path}:3: bad` });
  const stands = "What was read of it last stands until it is mended.";
  const [planFile, sheet] = ["docs/por/T001/task.yaml", "docs/por/T000001/SUBPOR.md"];
  expect(broken(planFile)).toEqual([`to ${ANN}: ${planFile}:3: bad\n${stands}`, `warning pair: ${planFile}:3: bad`]);
  expect(broken(sheet)).toEqual([`to ${BOB}: ${sheet}:3: bad\n${stands}`, `warning pair: ${sheet}:3: bad`]);
  it.fold([{ type: "agent.dismissed", agent: ANN, reason: "x" }]);
  expect(broken(planFile)).toEqual([`warning pair: ${planFile}:3: bad`]);
});

test("P77 an edit of what Muster keeps is put back, and both are told the way", () => {
  const path = "docs/por/T001/task.yaml";
  const text = `Status fields of ${path} are Muster's; an edit was put back. Move the plan by a marker: progress: T001.S1 done`;
  expect(told({ type: "task.restored", id: "T001", path })).toEqual([`warning pair: ${text}`, ...both(text)]);
  const scope =
    "scope.yaml is kept by Muster; the edit was computed again from the plans. To change the scope, add or remove plans.";
  expect(told({ type: "scope.changed", original: ["T001"], current: ["T001"], isEdited: true })).toEqual([
    ...[`warning pair: ${scope}`, ...both(scope)],
  ]);
});

test("P75 the review of a plan is over after two COUNTERs, and its planner decides", () => {
  it.observe({ type: "task.seen", team: "pair", task: plan("T001") });
  const counter = () => told({ type: "task.countered", id: "T001", letter: "m-1" });
  expect([counter(), counter()]).toEqual([[], ["task.reviewed"]]);
  expect(told({ type: "task.countered", id: "T009", letter: "m-1" })).toEqual([]);
  expect(told({ type: "task.reviewed", id: "T001", reason: "2 COUNTERs were made" })).toEqual([
    `to ${ANN}: The review of T001 is over: 2 COUNTERs were made. Decide, and begin: progress: T001 start`,
  ]);
});

test("P78 a change of scope is told where there is one", () => {
  const scope = (current: string[]) => told({ type: "scope.changed", original: ["T001"], current });
  expect(scope(["T001"])).toEqual([]);
  expect(scope(["T001", "T002"])).toEqual(["info pair: Scope changed: +T002"]);
});

test("P71 a sheet that came without an ACK is told to all; agreed ones, old ones, and those of one alone are not", () => {
  const sheet = {
    id: "T000001",
    title: "Cache",
    path: "docs/por/T000001/SUBPOR.md",
    owner: "peerB",
    stage: "proposed",
  };
  const seen = (more: object) => told({ type: "subpor.seen", sheet: { ...sheet, updatedAt: 1, lint: [] }, ...more });
  const text =
    "T000001 Cache (docs/por/T000001/SUBPOR.md) came without PeerA's ACK. A new SUBPOR is proposed by PeerB, acknowledged by PeerA (a letter that begins with ACK), then written.";
  expect(seen({ isNew: true })).toEqual([`warning pair: ${text}`, ...both(text)]);
  expect([seen({}), seen({ isNew: true, isAgreed: true })]).toEqual([[], []]);
  form(true);
  expect(seen({ isNew: true })).toEqual([]);
});

test("a team that has ended, or is not there, is told nothing", () => {
  expect(told({ type: "plan.completed", tasks: 1, team: "other" })).toEqual([]);
  expect(told({ type: "board.mended", path: "x" })).toEqual([]);
  it.fold([{ type: "team.stopped", team: "pair", reason: "x" }]);
  expect(told({ type: "plan.completed", tasks: 1 })).toEqual([]);
});
