import { beforeEach, expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import { LEAD } from "../../core/ids.ts";
import { limitRule } from "./rules.ts";

let it: History;
beforeEach(() => {
  it = new History();
});

/** Who is told that its limit has ended, and in which team. */
function told(agent = ANN): unknown[] {
  it.fold([{ type: "limit.ended", agent }]);
  const event = it.events.at(-1);
  const commands = event ? limitRule(it.state, event) : [];
  return commands.map((command) => (command.do === "send" ? [command.letter.to, command.letter.team] : command));
}

const start = () => it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "go" } });
const member = () =>
  it.fold([
    {
      ...{ type: "team.formed", team: "pair", topology: "solo", repo: "/r" },
      seats: [{ seat: "PeerA", agent: ANN, driver: "standin" }],
    },
    { type: "agent.hired", hire: hireOf(ANN, { team: "pair", seat: "PeerA" }) },
  ]);

test("who was stopped in a job is told once to go on, by Muster", () => {
  start();
  it.fold([{ type: "limit.ended", agent: ANN }]);
  const event = it.events.at(-1);
  expect(event && limitRule(it.state, event)).toEqual([
    {
      ...{ do: "send" },
      letter: {
        ...{ mid: expect.stringMatching(/^muster-\d+-[0-9a-f]{6}$/), from: "system", to: ANN, kind: "system" },
        text: "SYSTEM: The usage limit that stopped you has ended. Go on where you were.",
        team: undefined,
      },
    } as never,
  ]);
});

test("an agent without a job, whose job is over, who was dismissed or is not there has nothing to go on with", () => {
  expect(told()).toEqual([]);
  it.hire(ANN);
  expect(told()).toEqual([]);
  it = new History();
  start();
  it.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  expect(told()).toEqual([]);
  it = new History();
  start();
  it.fold([{ type: "agent.dismissed", agent: ANN, reason: "x" }]);
  expect(told()).toEqual([]);
});

test("a member of a team goes on with it, unless the team is paused or has ended", () => {
  member();
  expect(told()).toEqual([[ANN, "pair"]]);
  it.fold([{ type: "team.paused", team: "pair" }]);
  expect(told()).toEqual([]);
  it.fold([{ type: "team.resumed", team: "pair" }]);
  expect(told()).toHaveLength(1);
  it.fold([{ type: "team.stopped", team: "pair", reason: "x" }]);
  expect(told()).toEqual([]);
});

test("the lead goes on whatever it was doing; other facts tell nobody", () => {
  it.fold([{ type: "agent.hired", hire: hireOf(LEAD) }]);
  expect(told(LEAD)).toEqual([[LEAD, undefined]]);
  const [hired] = it.events;
  expect(hired && limitRule(it.state, hired)).toEqual([]);
});
