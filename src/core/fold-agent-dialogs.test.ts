import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History } from "../../test/fakes/history.ts";
import type { Fact } from "./facts.ts";

let history: History;
beforeEach(() => {
  history = new History();
  history.hire(ANN);
  history.open(ANN);
});

const ann = () => {
  const found = history.state.agents[ANN];
  if (!found) throw new Error("no agent");
  return found;
};
const happens = (...facts: Fact[]) => history.fold(facts);

test("a transcript that is told again changes nothing; one that comes back is the newest, once", () => {
  const session = (transcript?: string) =>
    happens({ type: "session.started", agent: ANN, session: "s", ...(transcript ? { transcript } : {}) });
  for (const path of ["/a", "/b", "/b"]) session(path);
  session();
  expect([ann().transcript, ann().transcripts]).toEqual(["/b", ["/b", "/a"]]);
  session("/a");
  expect([ann().transcript, ann().transcripts]).toEqual(["/a", ["/a", "/b"]]);
});

test("six losses of a program are remembered, none of one that was let go", () => {
  const lost = (incarnation: number) => happens({ type: "terminal.lost", agent: ANN, incarnation, reason: "gone" });
  for (let n = 1; n <= 7; n++) {
    if (n > 1) history.open(ANN, n);
    lost(n);
  }
  expect(ann().crashes).toHaveLength(6);
  expect(ann().crashes.at(-1)).toBe(history.at - 1);
  expect(ann()).toMatchObject({ activity: "lost", detail: "gone", opening: false });
});

test("a limit that has passed is kept as such until it ends; then its agent is idle", () => {
  happens({ type: "limit.passed", agent: ANN } as Fact);
  expect(ann().limit).toBeUndefined();
  happens(
    { type: "limit.reached", agent: ANN, until: 9, isKnown: true } as Fact,
    { type: "limit.passed", agent: ANN } as Fact,
  );
  expect(ann().limit).toEqual({ until: 9, isKnown: true, isPassed: true });
  happens({ type: "agent.changed", agent: ANN, activity: "busy", detail: "x" });
  const at = history.at;
  happens({ type: "limit.ended", agent: ANN } as Fact);
  expect(ann()).toMatchObject({ limit: undefined, activity: "idle", detail: "", since: at });
});

test("an answer closes the question that it is about, no other; a withdrawn one is told to nobody", () => {
  const asked = (question: string) =>
    happens({ type: "permission.asked", agent: ANN, question, tool: "Bash", input: "ls" });
  const answered = (question: string, choice: string) =>
    happens({ type: "permission.answered", agent: ANN, question, choice } as Fact);
  asked("q1");
  answered("q0", "allow");
  expect([ann().question?.id, ann().answer]).toEqual(["q1", { question: "q0", choice: "allow", reason: "" }]);
  happens({ type: "permission.told", agent: ANN } as Fact);
  answered("q1", "withdrawn");
  expect([ann().question, ann().answer]).toEqual([undefined, undefined]);
});

test("a control keeps the conversation that it clears, and is typed and finished by its own id", () => {
  const requested = (control: string, action: "clear" | "compact") =>
    happens({ type: "control.requested", agent: ANN, control, action } as Fact);
  requested("c0", "clear");
  happens({ type: "session.started", agent: ANN, session: "s1" });
  requested("c1", "clear");
  requested("c2", "compact");
  expect(ann().controls).toEqual([
    { id: "c0", action: "clear" },
    { id: "c1", action: "clear", session: "s1" },
    { id: "c2", action: "compact" },
  ]);
  happens({ type: "control.typed", agent: ANN, control: "c1" } as Fact);
  expect(ann().controls.map(({ isTyped }) => isTyped)).toEqual([undefined, true, undefined]);
  happens({ type: "control.finished", agent: ANN, control: "c1", outcome: "done" } as unknown as Fact);
  expect(ann().controls.map(({ id }) => id)).toEqual(["c0", "c2"]);
});

test("facts about an agent that nobody knows change nothing", () => {
  const before = structuredClone({ agents: history.state.agents, rhythms: history.state.rhythms });
  happens(
    { type: "turn.started", agent: BOB } as Fact,
    { type: "turn.ended", agent: BOB, outcome: "done", summary: "" },
    { type: "session.compacted", agent: BOB } as Fact,
    { type: "limit.passed", agent: BOB } as Fact,
    { type: "control.finished", agent: BOB, control: "c" } as unknown as Fact,
  );
  happens({ type: "turn.started", agent: ANN } as Fact);
  expect({ agents: history.state.agents, rhythms: history.state.rhythms }).toEqual(before);
});

test("whoever has its answer works on, and needs nobody; one that nobody could tell, and one that asks again, still does", () => {
  const asks = (question: string) =>
    happens(
      { type: "permission.asked", agent: ANN, question, tool: "Bash", input: "ls" },
      { type: "agent.changed", agent: ANN, activity: "waiting", detail: "permission: Bash" },
    );
  const told = (question: string, ok: boolean) => {
    happens({ type: "permission.answered", agent: ANN, question, choice: "allow" } as Fact);
    happens({ type: "permission.told", agent: ANN, question, ok } as Fact);
    return ann().activity;
  };
  asks("q1");
  expect(told("q1", true)).toBe("busy");
  asks("q2");
  expect(told("q2", false)).toBe("waiting");
  asks("q3");
  happens({ type: "permission.answered", agent: ANN, question: "q3", choice: "allow" } as Fact);
  asks("q4");
  happens({ type: "permission.told", agent: ANN, question: "q3", ok: true } as Fact);
  expect([ann().activity, ann().question?.id]).toEqual(["waiting", "q4"]);
});
