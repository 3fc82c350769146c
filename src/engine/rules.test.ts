import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { jobRule } from "./rules.ts";

let it: House;
beforeEach(() => {
  it = new House([jobRule]);
  it.start(ANN, "m-1");
  it.open(ANN);
});
afterEach(() => it.end());

const arrive = () => it.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
const endTurn = (outcome: "done" | "failed" = "done", summary = "did it") =>
  it.observe({ type: "turn.ended", agent: ANN, outcome, summary });
const exit = (code: number | null, signal: number | null = null, agent = ANN) =>
  it.observe({ type: "terminal.exited", agent, incarnation: 1, code, signal });
const job = () => it.state.jobs[ANN];

test("a job is completed by the end of the turn that its prompt began", () => {
  arrive();
  endTurn();
  expect(job()).toMatchObject({ outcome: "completed", reason: "", summary: "did it" });
});

test("a turn that ended before the prompt arrived was not this job's", () => {
  endTurn();
  expect(job()?.outcome).toBeUndefined();
  it.observe({ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 });
  endTurn();
  expect(job()?.outcome).toBe("completed");
});

test("a failed turn fails its job with what the CLI said", () => {
  arrive();
  endTurn("failed", "API Error");
  expect(job()).toMatchObject({ outcome: "failed", reason: "API Error" });
});

test("a failed turn without words says that it failed", () => {
  arrive();
  endTurn("failed", "");
  expect(job()?.reason).toBe("the turn failed");
});

test("the end of the program ends the job by its exit code or signal", () => {
  const ends: [number | null, number | null, object][] = [
    [0, null, { outcome: "completed", reason: "", exitCode: 0 }],
    [3, null, { outcome: "failed", reason: "exit code 3", exitCode: 3 }],
    [null, 9, { outcome: "failed", reason: "signal 9" }],
    [null, null, { outcome: "failed", reason: "exit code unknown" }],
  ];
  for (const [code, signal, end] of ends) {
    const house = new House([jobRule]);
    house.start(BOB);
    house.open(BOB);
    house.observe({ type: "terminal.exited", agent: BOB, incarnation: 1, code, signal });
    expect(house.state.jobs[BOB]).toMatchObject(end);
    house.log.close();
  }
});

test("a lost terminal loses the job", () => {
  it.observe({ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" });
  expect(job()).toMatchObject({ outcome: "lost", reason: "tmux died" });
});

test("a finished job is not finished again", () => {
  arrive();
  endTurn();
  endTurn("failed");
  exit(1);
  expect(it.facts("job.finished")).toHaveLength(1);
});

test("what was on its way to an agent of a job dies with its program, and with its terminal", () => {
  it.dispatch({ do: "send", letter: { mid: "m-2", from: "user", to: ANN, kind: "letter", text: "x" } });
  arrive();
  exit(0);
  expect(it.state.messages["m-1"]?.state).toBe("delivered");
  expect(it.state.messages["m-2"]).toMatchObject({ state: "dead", reason: `agent ${ANN} has ended` });
  it.start(BOB, "m-3");
  it.open(BOB);
  it.observe({ type: "message.typing", mid: "m-3", attempt: 1, incarnation: 1, nextAt: 0 });
  it.observe({ type: "terminal.lost", agent: BOB, incarnation: 1, reason: "x" });
  expect(it.state.messages["m-3"]?.state).toBe("dead");
});

test("a member of a team comes back: its messages wait, and its turns end no job", () => {
  it.dispatch({ do: "start", hire: hireOf(BOB, { team: "t", seat: "PeerB" }) });
  it.open(BOB);
  it.dispatch({ do: "send", letter: { mid: "m-4", from: "user", to: BOB, kind: "letter", text: "x" } });
  it.observe({ type: "turn.ended", agent: BOB, outcome: "done", summary: "" });
  exit(1, null, BOB);
  expect(it.state.messages["m-4"]?.state).toBe("queued");
  expect(it.facts("job.finished")).toEqual([]);
});
