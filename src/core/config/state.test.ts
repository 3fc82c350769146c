import { expect, test } from "bun:test";
import { History } from "../../../test/fakes/history.ts";
import { sentence } from "../sentence.ts";
import { type ConfigChanges, configOf, configProblem } from "./state.ts";

function said(changes: ConfigChanges): string {
  const history = new History();
  history.fold([{ type: "config.loaded", changes } as never]);
  const [event] = history.events;
  return event ? sentence(event, history.state).text : "";
}

test("A39 a home without settings of its own has the defaults, and each setting stands for itself", () => {
  const defaults = {
    ...{
      silenceMinutes: 60,
      warnPct: 70,
      clearPct: 80,
      mayAutomate: false,
      resumesLimits: true,
      approvals: [],
      hosts: [],
      pushHosts: [],
    },
  };
  expect(configOf({ config: {} })).toEqual(defaults);
  expect(configOf({ config: { warnPct: 50, limits: { parallel: 9 } } })).toEqual({ ...defaults, warnPct: 50 });
});

test("A58 the lead is warned before it is cleared: other thresholds do not go together", () => {
  expect([configProblem({}), configProblem({ warnPct: 79 }), configProblem({ clearPct: 71 })]).toEqual([
    null,
    null,
    null,
  ]);
  expect(configProblem({ warnPct: 80 })).toBe("lead.clear_pct: 80 is not above lead.warn_pct, 80");
  expect(configProblem({ clearPct: 60 })).toBe("lead.clear_pct: 60 is not above lead.warn_pct, 70");
});

test("A39 what the home's settings say is told in the words of their file", () => {
  const start = "config.yaml says: ";
  expect(said({})).toBe(`${start}nothing but defaults`);
  const all: ConfigChanges = { silenceMinutes: 5, warnPct: 50, clearPct: 60, mayAutomate: true, resumesLimits: false };
  const own = "job.silence_minutes 5, lead.warn_pct 50, lead.clear_pct 60, lead.may_automate true, limits.resume false";
  expect(said(all)).toBe(start + own);
  expect(said({ limits: { parallel: 1, maxRunning: 2, timeoutMinutes: 3 } })).toBe(
    `${start}queue.parallel 1, jobs.max_running 2, queue.timeout_minutes 3`,
  );
  const approvals = [
    { tool: "Bash", match: "git push*" },
    { tool: "Write", match: "*" },
  ] as ConfigChanges["approvals"];
  expect(said({ warnPct: 50, approvals })).toBe(`${start}lead.warn_pct 50, approvals for Bash git push*; Write *`);
  expect(said({ pushHosts: ["push.example"] })).toBe(`${start}devices are told by push.example, too`);
  expect(said({ approvals: [] })).toBe(`${start}approvals for nothing`);
});
