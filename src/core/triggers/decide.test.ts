import { beforeEach, expect, test } from "bun:test";
import { History } from "../../../test/fakes/history.ts";
import type { Command } from "../commands.ts";
import { PERSON } from "../ids.ts";
import type { TriggerSpec } from "./facts.ts";
import { APPROVALS_KEPT } from "./state.ts";

const ACTION = { do: "notify", message: "look" } as const;
const SPEC: TriggerSpec = {
  ...{ name: "deep", type: "threshold", condition: "queue_depth >= 2", autonomy: "auto", cooldown: 60, isOn: true },
  action: ACTION,
};

let it: History;
beforeEach(() => {
  it = new History();
});

const add = (more: Partial<TriggerSpec> = {}): Command => ({ do: "trigger", trigger: { ...SPEC, ...more } });
const edit = (more: Partial<TriggerSpec> = {}): Command => ({
  do: "trigger",
  trigger: { ...SPEC, ...more },
  isEdit: true,
});
const mode = (act: "create" | "activate" | "delete", name: string, more = {}): Command => ({
  do: "mode",
  act,
  name,
  ...more,
});
const approve = (approval: string, comment?: string): Command => ({
  do: "approve",
  approval,
  decision: "approve",
  comment,
});
const names = () => Object.keys(it.state.triggers.all);
const trigger = (name = "deep") => it.state.triggers.all[name];
const told = (type: string, more: object) => it.fold([{ type, ...more } as never]);

function ask(approval: string, name = "deep", more = {}): void {
  told("approval.asked", { approval, name, why: "so", action: ACTION, chain: [name], until: it.at + 1000, ...more });
}

function refusal(command: Command): unknown[] {
  try {
    it.dispatch(command, PERSON);
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

test("A26 a trigger is added once by its name, and changed only if it is there", () => {
  expect(refusal(edit())).toEqual(["missing", "no trigger deep", "there are: none"]);
  expect(it.dispatch(add())).toEqual(["trigger.added"]);
  expect(refusal(add())).toEqual([
    ...["state", "there is a trigger deep", "muster trigger edit deep, or another name"],
  ]);
  it.dispatch(add({ name: "other" }));
  expect(refusal(edit({ name: "third" }))[2]).toBe("there are: deep, other");
  expect(it.dispatch(edit({ cooldown: 5 }))).toEqual(["trigger.edited"]);
  expect(trigger()).toMatchObject({ cooldown: 5, fired: 0 });
  expect(refusal({ do: "untrigger", name: "toString" })[1]).toBe("no trigger toString");
});

test("A26 names, conditions and cooldowns of the wrong form are refused", () => {
  const form = "small letters, digits and dashes";
  for (const name of ["Deep", "-x", "", "a b", "x".repeat(42), "a/b"])
    expect(refusal(add({ name }))).toEqual(["usage", `${name} is no name of a trigger`, form]);
  expect(refusal(add({ name: "constructor" }))).toEqual([
    ...["usage", "constructor is no name of a trigger", "take another word"],
  ]);
  for (const name of ["a", "0-1", "x".repeat(41)]) expect(it.dispatch(add({ name }))).toEqual(["trigger.added"]);
  const most = 31 * 86_400;
  for (const cooldown of [-1, 0.5, most + 1])
    expect(refusal(add({ cooldown }))).toEqual([
      ...["usage", `cooldown ${cooldown} is not a number of seconds`, `0 to ${most}`],
    ]);
  for (const cooldown of [0, most]) expect(it.dispatch(add({ name: `c-${cooldown}`, cooldown }))).toHaveLength(1);
  expect(refusal(add({ condition: "depth > 1" }))[1]).toBe("depth is no metric");
});

test("A26 A71 a removed trigger takes what it asked for along", () => {
  it.dispatch(add());
  it.dispatch(add({ name: "other" }));
  ask("A-1");
  ask("A-2", "other");
  ask("A-3");
  it.dispatch(approve("A-3"));
  expect(it.dispatch({ do: "untrigger", name: "deep" })).toEqual(["trigger.removed", "approval.decided"]);
  expect([names(), it.events.at(-1)]).toMatchObject([
    ["other"],
    { approval: "A-1", decision: "expired", decider: "system", comment: "its trigger is gone" },
  ]);
});

test("A26 a switch turns over, or is set as it is said, once", () => {
  it.dispatch(add());
  const toggle = (isOn?: boolean) => it.dispatch({ do: "toggle", name: "deep", isOn });
  expect([toggle(true), toggle(), trigger()?.isOn]).toEqual([[], ["trigger.toggled"], false] as never);
  expect([toggle(false), toggle(true), toggle(), trigger()?.isOn]).toEqual([
    ...([[], ["trigger.toggled"], ["trigger.toggled"], false] as never[]),
  ]);
  expect(refusal({ do: "toggle", name: "none" })[0]).toBe("missing");
});

test("A71 an approval is decided once; then it says by whom and when", () => {
  it.dispatch(add());
  expect(refusal(approve("A-1"))).toEqual(["missing", "no approval A-1", "muster approvals lists them"]);
  for (const id of ["A-1", "A-2", "A-3"]) ask(id);
  expect(it.dispatch(approve("A-1", "fine"))).toEqual(["approval.decided"]);
  expect(it.state.triggers.approvals["A-1"]?.decided).toMatchObject({
    decision: "approve",
    by: "user",
    comment: "fine",
  });
  it.dispatch({ do: "approve", approval: "A-2", decision: "reject" });
  told("approval.decided", { approval: "A-3", decision: "expired", decider: "system" });
  const when = (id: string) => new Date(it.state.triggers.approvals[id]?.decided?.at ?? 0).toISOString();
  const over = (id: string, how: string) => ["state", `${id}: ${how} at ${when(id)}`, "nothing is left to decide"];
  expect(["A-1", "A-2", "A-3"].map((id) => refusal(approve(id)))).toEqual([
    ...[over("A-1", "approved by user"), over("A-2", "rejected by user"), over("A-3", "it expired")],
  ]);
  expect(refusal(approve("toString"))[0]).toBe("missing");
});

test("A71 approvals that are open stay, and of the decided ones the newest", () => {
  it.dispatch(add());
  ask("open");
  for (let n = 0; n < APPROVALS_KEPT + 2; n += 1) {
    ask(`A-${n}`);
    told("approval.decided", { approval: `A-${n}`, decision: "reject", decider: "user" });
  }
  ask("last");
  const kept = Object.keys(it.state.triggers.approvals);
  expect([kept.length, kept.slice(0, 2), kept.at(-1)]).toEqual([APPROVALS_KEPT + 2, ["open", "A-2"], "last"] as never);
});

test("A67 A66 what a trigger remembers: its firings, its time by the clock, what was left out, whether it is true", () => {
  it.dispatch(add());
  told("trigger.crossed", { name: "deep", isTrue: true });
  told("trigger.fired", { name: "deep", why: "", action: ACTION, chain: [], due: 7 });
  expect(trigger()).toMatchObject({ isTrue: true, fired: 1, firedAt: it.events.at(-1)?.at, due: 7 });
  told("trigger.skipped", { name: "deep", reason: "x" });
  expect(trigger()).toMatchObject({ skipped: { reason: "x", at: it.events.at(-1)?.at }, due: 7, fired: 1 });
  told("trigger.skipped", { name: "deep", reason: "y", due: 8 });
  expect(trigger()?.due).toBe(8);
  told("trigger.fired", { name: "deep", why: "", action: ACTION, chain: [] });
  expect(trigger()).toMatchObject({ fired: 2, due: 8, skipped: undefined });
  told("trigger.skipped", { name: "deep", reason: "z" });
  ask("A-1");
  expect(trigger()).toMatchObject({ fired: 2, firedAt: it.events.at(-1)?.at, due: 8, skipped: undefined });
  ask("A-2", "deep", { due: 9 });
  expect(trigger()?.due).toBe(9);
});

test("A26 an edit keeps the firings and forgets that it was true; a switch, too, and counts the clock from now", () => {
  it.dispatch(add());
  told("trigger.fired", { name: "deep", why: "", action: ACTION, chain: [] });
  told("trigger.crossed", { name: "deep", isTrue: true });
  it.dispatch(edit({ cooldown: 1 }));
  expect(trigger()).toMatchObject({ fired: 1, cooldown: 1, isTrue: false });
  told("trigger.crossed", { name: "deep", isTrue: true });
  it.dispatch({ do: "toggle", name: "deep" });
  expect([trigger()?.isTrue, trigger()?.due]).toEqual([false, undefined]);
  told("trigger.fired", { name: "deep", why: "", action: ACTION, chain: [], due: 3 });
  it.dispatch({ do: "toggle", name: "deep" });
  expect(trigger()?.due).toBe(it.events.at(-1)?.at);
});

test("facts about a trigger that is gone change nothing", () => {
  const before = structuredClone(it.state.triggers);
  const name = "gone";
  for (const type of ["trigger.edited", "trigger.toggled", "trigger.crossed", "trigger.fired", "trigger.skipped"])
    told(type, { name, trigger: SPEC, isOn: true, isTrue: true, reason: "x", why: "", action: ACTION, chain: [] });
  told("approval.decided", { approval: "A-1", decision: "reject", decider: "user" });
  expect(it.state.triggers).toEqual(before);
  ask("A-1", "gone");
  expect(Object.keys(it.state.triggers.approvals)).toEqual(["A-1"]);
});

test("A75 a mode of one's own holds the triggers there are, or none; its name is free and of the right form", () => {
  it.dispatch(add({ repeat: true, catchUp: true, ifDown: "skip" }));
  told("trigger.fired", { name: "deep", why: "", action: ACTION, chain: [] });
  it.dispatch(mode("create", "own", { description: "mine" }));
  it.dispatch(mode("create", "bare", { isEmpty: true }));
  expect(it.state.triggers.modes).toEqual({
    own: { name: "own", description: "mine", triggers: [{ ...SPEC, repeat: true, catchUp: true, ifDown: "skip" }] },
    bare: { name: "bare", description: "", triggers: [] },
  });
  for (const name of ["own", "dev", "previous"])
    expect(refusal(mode("create", name))).toEqual(["state", `there is a mode ${name}`, "take another name"]);
  expect(refusal(mode("create", "Own"))[1]).toBe("Own is no name of a mode");
  expect(refusal(mode("create", "constructor"))[1]).toBe("constructor is no name of a mode");
});

test("A75 a mode takes the place of what there is, with what that asked for, and gives it back", () => {
  it.dispatch(add());
  ask("A-1");
  expect(it.dispatch(mode("activate", "dev"))).toEqual(["mode.activated", "approval.decided"]);
  expect([names(), it.state.triggers.active, it.dispatch(mode("activate", "dev"))]).toEqual([
    ...([["dev-queue-check", "dev-health-report"], "dev", []] as never[]),
  ]);
  it.dispatch(mode("activate", "maintenance"));
  expect(names()).toEqual(["maint-nightly-cleanup", "maint-weekly-audit"]);
  expect(it.dispatch({ do: "deactivate" })).toEqual(["mode.deactivated"]);
  expect([names(), it.state.triggers.active, it.state.triggers.previous]).toEqual([
    ["deep"],
    undefined,
    undefined,
  ] as never);
  expect(refusal({ do: "deactivate" })).toEqual(["state", "no mode is active", "muster mode activate NAME"]);
});

test("A76 only a mode of one's own that is not active is deleted", () => {
  it.dispatch(mode("create", "own"));
  it.dispatch(mode("activate", "own"));
  expect(refusal(mode("delete", "dev"))).toEqual([
    ...["state", "dev comes with Muster", "only modes of your own are deleted"],
  ]);
  expect(refusal(mode("delete", "own"))).toEqual(["state", "own is active", "muster mode deactivate first"]);
  it.dispatch({ do: "deactivate" });
  expect(it.dispatch(mode("delete", "own"))).toEqual(["mode.deleted"]);
  expect(refusal(mode("activate", "own"))).toEqual(["missing", "no mode own", "muster mode lists them"]);
  expect(refusal(mode("activate", "toString"))[0]).toBe("missing");
});

test("A73 the pulse is switched once", () => {
  const pulse = (isOn: boolean) => it.dispatch({ do: "pulse", isOn });
  expect([pulse(true), pulse(true), it.state.triggers.pulse, pulse(false)]).toEqual([
    ...([["pulse.switched"], [], true, ["pulse.switched"]] as never[]),
  ]);
});
