import { expect, test } from "bun:test";
import { History, hireOf } from "../../../test/fakes/history.ts";
import type { Command } from "../commands.ts";
import { LEAD, type Principal } from "../ids.ts";
import { leadAct } from "../lead/lifecycle.ts";
import { leadView } from "../lead/view.ts";
import { configOf } from "./state.ts";

const lead: Principal = { kind: "agent", agent: LEAD };

function withLead(): History {
  const history = new History();
  const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
  history.dispatch({ do: "summon", hire });
  history.open(LEAD);
  history.observe({ type: "lead.resumed", mid: "m-0" });
  return history;
}
const says = (history: History, changes: object) => history.observe({ type: "config.loaded", changes });

/** May the lead? In a home of this config. */
function may(changes: object, command: Command): boolean {
  const history = withLead();
  says(history, changes);
  try {
    history.dispatch(command, lead);
    return true;
  } catch (error) {
    expect((error as { code?: string }).code).toBe("forbidden");
    return false;
  }
}

test("A58 the thresholds of the lead's context are those of config.yaml", () => {
  const history = withLead();
  history.observe({ type: "usage.measured", agent: LEAD, contextTokens: 65, contextSize: 100 });
  const act = () =>
    leadAct(history.state, { now: 1e12, path: "/s", lead: LEAD, mid: () => "m-1", control: () => "c-1" })?.commands.map(
      (command) => (command.do === "observe" ? command.facts[0]?.type : command.do),
    );
  expect([act(), leadView(history.state, LEAD).status]).toEqual([undefined, "idle"]);
  says(history, { warnPct: 60 });
  expect([act()?.[0], leadView(history.state, LEAD).status]).toEqual(["lead.warned", "warned"]);
  says(history, { warnPct: 50, clearPct: 64 });
  expect(act()?.[0]).toBe("lead.clearing");
});

test("A57 S15 the lead lets nothing act by itself and raises no limit, unless lead.may_automate says so", () => {
  const action = { do: "notify", message: "x" } as const;
  const trigger = (autonomy: "auto" | "confirm"): Command => ({
    do: "trigger",
    trigger: { name: "t", type: "cron", condition: "* * * * *", action, autonomy, cooldown: 60, isOn: true },
  });
  const sprint: Command = { do: "mode", act: "activate", name: "sprint" };
  const limit: Command = { do: "limit", limits: { maxRunning: 50 } };
  expect([trigger("confirm"), trigger("auto"), sprint, limit].map((command) => may({}, command))).toEqual([
    ...[true, false, false, false],
  ]);
  const all = [trigger("confirm"), trigger("auto"), sprint, limit].map((command) =>
    may({ mayAutomate: true }, command),
  );
  expect(all).toEqual([true, true, true, true]);
  expect(may({ mayAutomate: true }, { do: "approve", approval: "A-1", decision: "approve" })).toBe(false);
});

test("A39 the newest word about places counts: the file's, or what a person said later", () => {
  const history = new History();
  const limits = () => history.state.queue.limits;
  expect(says(history, { limits: { maxRunning: 4 } })).toEqual(["config.loaded"]);
  expect(limits()).toEqual({ parallel: 3, maxRunning: 4, timeoutMinutes: 240 });
  history.dispatch({ do: "limit", limits: { maxRunning: 9, parallel: 2 } });
  expect(says(history, { limits: { maxRunning: 4 } })).toEqual([]);
  says(history, { silenceMinutes: 5, limits: { maxRunning: 4 } });
  expect(limits()).toMatchObject({ parallel: 2, maxRunning: 9 });
  says(history, { limits: { maxRunning: 5 } });
  expect(limits()).toMatchObject({ parallel: 2, maxRunning: 5 });
  says(history, {});
  expect(limits()).toMatchObject({ parallel: 2, maxRunning: 15 });
  expect(configOf(history.state).silenceMinutes).toBe(60);
});
