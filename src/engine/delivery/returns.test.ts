import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Observation } from "../../core/commands.ts";
import { LEAD } from "../../core/ids.ts";
import { returnRule } from "./returns.ts";

let it: History;
beforeEach(() => {
  it = new History();
  for (const agent of [ANN, BOB]) {
    it.hire(agent);
    it.open(agent);
  }
});

/** What follows from the end of a message. */
function ends(mid: string, type: "message.died" | "message.uncertain" = "message.died") {
  it.observe({ type, mid, reason: "it was closed" } as Observation);
  const event = it.events.at(-1);
  return event ? returnRule(it.state, event) : [];
}

const notice = (text: string, about: string) => ({
  ...{ do: "observe", facts: [{ type: "notice.raised", level: "warning", text, about }] },
});

test("an agent gets its message back with the reason and how it began", () => {
  it.send(BOB, { mid: "m-1", from: ANN, text: "look" });
  expect(ends("m-1")).toMatchObject([
    {
      do: "send",
      letter: {
        ...{ from: "system", to: ANN },
        text: expect.stringContaining(`Message m-1 to ${BOB} was not delivered: it was closed. It began: look`),
      },
    },
  ]);
});

test("one that may have arrived is told as that", () => {
  it.send(BOB, { mid: "m-1", from: "user", text: "look" });
  expect(ends("m-1", "message.uncertain")).toEqual([
    notice(`Message m-1 to ${BOB} may not have arrived: it was closed. It began: look`, BOB) as never,
  ]);
});

test("what Muster wrote, and what nobody knows any more, comes back to nobody", () => {
  it.send(BOB, { mid: "m-1", from: "system", kind: "system" });
  expect(ends("m-1")).toEqual([]);
  it.send(BOB, { mid: "m-2", from: ANN });
  it.observe({ type: "message.died", mid: "m-2", reason: "x" });
  const event = it.events.at(-1);
  delete it.state.messages["m-2"];
  expect(event && returnRule(it.state, event)).toEqual([]);
  expect(event && returnRule(it.state, { ...event, type: "message.delivered" } as never)).toEqual([]);
});

test("a sender whose program is gone is not written to, unless it is started again", () => {
  it.fold([{ type: "agent.hired", hire: hireOf(LEAD) }]);
  it.send(BOB, { mid: "m-1", from: ANN });
  it.send(BOB, { mid: "m-2", from: LEAD });
  it.send(BOB, { mid: "m-3", from: LEAD });
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  expect([ends("m-1").length, ends("m-2").length]).toEqual([0, 1]);
  it.fold([{ type: "agent.dismissed", agent: LEAD, reason: "x" }]);
  expect(ends("m-3")).toEqual([]);
});

test("a person who ended the agent, or sees its job fail, is told nothing further", () => {
  const start = (agent: string) =>
    it.dispatch({ do: "start", hire: hireOf(agent), job: { id: agent, mid: `p-${agent}`, prompt: "go" } });
  start("c0000003");
  it.open("c0000003");
  it.send("c0000003", { mid: "m-1" });
  it.observe({ type: "terminal.exited", agent: "c0000003", incarnation: 1, code: 0, signal: null });
  expect([ends("p-c0000003").length, ends("m-1").length]).toEqual([0, 1]);
  start("d0000004");
  it.open("d0000004");
  expect(ends("p-d0000004")).toHaveLength(1);
  it.send(BOB, { mid: "m-2" });
  it.fold([{ type: "agent.dismissed", agent: BOB, reason: "x" }]);
  expect(ends("m-2")).toEqual([]);
});
