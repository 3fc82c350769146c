import { beforeEach, expect, test } from "bun:test";
import { History } from "../../../test/fakes/history.ts";
import type { TriggerSpec } from "./facts.ts";
import { type Cause, fire, hindrance } from "./firing.ts";

const SPEC: TriggerSpec = {
  ...{ name: "ev", type: "event", condition: "job_failed", autonomy: "auto", cooldown: 60, isOn: true },
  action: { do: "notify", message: "{{job.id}} failed" },
};

let it: History;
beforeEach(() => {
  it = new History();
});

const add = (more: Partial<TriggerSpec> = {}) => it.dispatch({ do: "trigger", trigger: { ...SPEC, ...more } });
const trigger = (name = "ev") => {
  const found = it.state.triggers.all[name];
  if (!found) throw new Error(`no trigger ${name}`);
  return found;
};
const hinders = (now = it.at, chain?: string[]) => hindrance(it.state, trigger(), now, chain);
/** The facts that a firing makes true. */
const fires = (cause: Partial<Cause> = {}, now = it.at): unknown[] =>
  fire(it.state, trigger(), { why: "so", ...cause }, now, "A-1").flatMap((command): unknown[] =>
    command.do === "observe" ? command.facts : [command],
  );
const fired = () => it.observe({ type: "trigger.fired", name: "ev", why: "", action: SPEC.action, chain: ["ev"] });

test("A68 a trigger fires with what happened in its texts, and itself at the end of the chain", () => {
  add();
  const action = { do: "notify", message: "a1 failed" };
  expect(fires({ data: { job: { id: "a1" } }, chain: ["night"], due: 7 })).toEqual([
    { type: "trigger.fired", name: "ev", why: "so", action, chain: ["night", "ev"], due: 7 },
  ]);
});

test("A71 one that asks first asks for exactly that, for a day", () => {
  add({ autonomy: "confirm" });
  const action = { do: "notify", message: "a1 failed" };
  expect(fires({ data: { job: { id: "a1" } } }, 1000)).toEqual([
    {
      ...{ type: "approval.asked", approval: "A-1", name: "ev", why: "so", action, chain: ["ev"] },
      ...{ until: 1000 + 86_400_000, due: undefined },
    },
  ]);
});

test("A72 nothing hinders a trigger that is on, has not fired and asked for nothing; one that is off does not fire", () => {
  add();
  expect(hinders()).toBeNull();
  it.dispatch({ do: "toggle", name: "ev" });
  expect([hinders(), fires()]).toEqual(["it is switched off", []] as never);
});

test("A72 a cooldown is counted in whole seconds from the last firing, and ends with its last moment", () => {
  add();
  fired();
  const { firedAt = 0 } = trigger();
  expect([hinders(firedAt), hinders(firedAt + 1), hinders(firedAt + 59_999)]).toEqual([
    ...["its cooldown lasts another 60 s", "its cooldown lasts another 60 s", "its cooldown lasts another 1 s"],
  ]);
  expect(hinders(firedAt + 60_000)).toBeNull();
  expect(fires({}, firedAt + 1)).toEqual([]);
});

test("A69 a trigger does not set itself off, and a chain of three ends, told once", () => {
  add({ cooldown: 0 });
  expect(hinders(it.at, ["other", "ev"])).toBe("it set this off itself");
  expect(fires({ chain: ["ev"] })).toEqual([]);
  expect(hinders(it.at, ["a", "b"])).toBeNull();
  const reason = "a, b, c set this off one after the other: the chain ends here";
  expect(hinders(it.at, ["a", "b", "c"])).toBe(reason);
  const skipped = { type: "trigger.skipped", name: "ev", reason } as const;
  expect(fires({ chain: ["a", "b", "c"] })).toEqual([{ ...skipped, due: undefined }]);
  it.observe(skipped);
  expect(fires({ chain: ["a", "b", "c"] })).toEqual([]);
});

test("A71 a trigger waits while a person has not decided what it asked for", () => {
  add({ cooldown: 0 });
  const ask = (approval: string, name: string) =>
    it.observe({
      ...{ type: "approval.asked", approval, name, why: "", action: SPEC.action, chain: [name], until: 9e12 },
    });
  ask("A-7", "other");
  expect(hinders()).toBeNull();
  ask("A-8", "ev");
  expect(hinders()).toBe("A-8 waits for you");
  it.dispatch({ do: "approve", approval: "A-8", decision: "reject" });
  expect(hinders()).toBeNull();
});

test("A66 what was due by the clock and could not fire is told each time, with its time", () => {
  add();
  fired();
  const { firedAt = 0 } = trigger();
  const reason = "its cooldown lasts another 60 s";
  expect(fires({ due: 5 }, firedAt)).toEqual([{ type: "trigger.skipped", name: "ev", reason, due: 5 }]);
});
