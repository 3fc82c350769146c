import { expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../test/fakes/history.ts";
import type { Fact } from "../core/facts.ts";
import { wantedBy } from "./ledger.ts";

const TEAM = "crew";

function crew(...more: Fact[]): History {
  const history = new History();
  const seat = { seat: "PeerA", agent: ANN, driver: "standin" };
  history.fold([
    { type: "team.formed", team: TEAM, topology: "solo", repo: "/r", seats: [seat] },
    { type: "agent.hired", hire: hireOf(ANN, { team: TEAM, seat: "PeerA" }) },
    ...more,
  ]);
  return history;
}

test("P39 the log pane mirrors what a peer says until a person switches that off; the ledger itself always has it", () => {
  const history = crew();
  const pane = wantedBy({ team: TEAM, all: true, follow: true }, false, undefined);
  const say = (): boolean[] => {
    const said: Fact = { type: "turn.ended", agent: ANN, outcome: "done", summary: "done" };
    const [event] = history.fold([said]);
    const asked = wantedBy({ team: TEAM, all: true }, false, undefined);
    const program = wantedBy({ team: TEAM, follow: true }, true, undefined);
    return event ? [pane, asked, program].map((isWanted) => isWanted(event, history.state)) : [];
  };
  expect(say()).toEqual([true, true, true]);
  const [switched] = history.fold([{ type: "team.tuned", team: TEAM, switch: "echo", isOn: false }]);
  expect(switched && pane(switched, history.state)).toBe(true);
  expect(say()).toEqual([false, true, true]);
  history.fold([{ type: "team.tuned", team: TEAM, switch: "echo", isOn: true }]);
  expect(say()).toEqual([true, true, true]);
});
