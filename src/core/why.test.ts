import { expect, test } from "bun:test";
import type { Event, Fact } from "./facts.ts";
import { fold } from "./fold.ts";
import { emptyState, type State } from "./state.ts";
import { why } from "./why.ts";

const MID = "muster-1-abcdef";
const AGENT = "a1b2c3d4";

function after(...facts: Fact[]): { state: State; events: Event[] } {
  const events = facts.map((fact, index) => ({ ...fact, seq: index + 1, at: 1000 + index, by: "system" }) as Event);
  return { state: events.reduce(fold, emptyState()), events };
}

const hired: Fact = {
  type: "agent.hired",
  hire: { agent: AGENT, driver: "standin", cwd: "/r", permission: "workspace-write", seat: "PeerA" },
};
const queued: Fact = {
  ...{ type: "message.queued", mid: MID, from: "user", to: AGENT, kind: "letter", number: 1, size: 2 },
  ...{ preview: "hi", body: "hi" },
};
const job: Fact = { type: "job.created", job: AGENT, agent: AGENT, mid: MID, prompt: "do it" };

test("a waiting message names its rule, its reason and what would change it", () => {
  const { state, events } = after(hired, queued, { type: "message.waiting", mid: MID, reason: "the agent is busy" });
  const answer = why(state, MID, events);
  expect(answer).toMatchObject({ kind: "message", state: "queued", because: "the agent is busy" });
  expect(answer?.rule).toContain("busy CLI");
  expect(answer?.change).toContain("end of its turn");
  expect(answer?.evidence.at(-1)).toBe("#3 you → PeerA: waits: the agent is busy");
});

test("a draft, a dialog and a hidden composer have rules of their own", () => {
  const rules = [
    "a person's draft stands in the composer",
    "a dialog of the CLI is open",
    "the composer is not visible",
  ].map((reason) => why(after(hired, queued, { type: "message.waiting", mid: MID, reason }).state, MID, [])?.rule);
  expect(new Set(rules).size).toBe(3);
});

test("a closed message says by which evidence", () => {
  const { state } = after(hired, queued, { type: "message.delivered", mid: MID, evidence: "transcript" });
  expect(why(state, MID, [])).toMatchObject({ state: "delivered", because: "its receipt was seen: transcript" });
  const lost = after(hired, queued, { type: "message.uncertain", mid: MID, reason: "typed 5 times" });
  expect(why(lost.state, MID, [])).toMatchObject({ state: "uncertain", because: "typed 5 times" });
});

test("a job that has not begun is explained by its prompt", () => {
  const { state } = after(hired, queued, job, {
    type: "message.waiting",
    mid: MID,
    reason: "the agent is not running",
  });
  expect(why(state, AGENT, [])).toMatchObject({
    kind: "job",
    state: "pending",
    because: "its prompt is queued: the agent is not running",
  });
});

test("a finished job is explained by its end", () => {
  const { state } = after(hired, queued, job, {
    ...{ type: "job.finished", job: AGENT, outcome: "failed", reason: "exit code 3" },
  });
  expect(why(state, AGENT, [])).toMatchObject({ state: "failed", because: "exit code 3" });
  expect(why(state, AGENT, [])?.change).toStartWith("another job: muster start");
});

test("a finished job whose terminal is open takes a further message", () => {
  const { state } = after(
    hired,
    queued,
    job,
    { type: "terminal.opened", agent: AGENT, incarnation: 1, pane: "%1", pid: 1, log: "l" },
    { type: "job.finished", job: AGENT, outcome: "completed", reason: "" },
  );
  expect(why(state, AGENT, [])?.change).toStartWith(`a further message: muster send ${AGENT}`);
});

test("an agent's open question is what it waits for", () => {
  const asked: Fact = { type: "permission.asked", agent: AGENT, question: "q", tool: "Bash", input: "rm x" };
  expect(why(after(hired, asked).state, AGENT, [])).toMatchObject({
    kind: "agent",
    because: "it asks to use Bash: rm x",
    change: `muster answer ${AGENT} allow, or deny`,
  });
});

test("a question with more answers than yes and no is answered by a key into its dialog, which answer shows", () => {
  const asked: Fact = {
    type: "permission.asked",
    agent: AGENT,
    question: "q",
    tool: "AskUserQuestion",
    input: "Which?",
  };
  const change = why(after(hired, asked).state, AGENT, [])?.change;
  expect(change).toBe(`muster answer ${AGENT} shows the choices, each with the command that presses its key`);
});

test("a patch names its failing step or its commit", () => {
  const received: Fact = {
    ...{ type: "patch.received", patch: "p1", team: "t", author: AGENT, title: "x", sha: "s", lines: 3, paths: ["a"] },
    body: "",
  };
  const refused: Fact = { type: "patch.refused", patch: "p1", kind: "test", reason: "1 test failed", body: "" };
  expect(why(after(received).state, "p1", [])).toMatchObject({ kind: "patch", state: "queued" });
  expect(why(after(received, refused).state, "p1", [])).toMatchObject({ state: "refused", because: "1 test failed" });
  const committed: Fact = { type: "patch.committed", patch: "p1", commit: "c0ffee", branch: "main", steps: [] };
  expect(why(after(received, committed).state, "p1", [])?.because).toContain("c0ffee");
});

test("an unknown id has no why", () => {
  expect(why(emptyState(), "nothing", [])).toBeNull();
});
