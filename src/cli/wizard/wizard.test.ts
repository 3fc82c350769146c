import { expect, test } from "bun:test";
import { ScriptedAsker } from "../../../test/fakes/asker.ts";
import { HandClock } from "../../../test/fakes/clock.ts";
import type { DriverRow } from "../../core/premises.ts";
import type { Refusal } from "../../core/refusal.ts";
import { settingsFrom } from "../../core/settings/settings.ts";
import { askerOf } from "./asker.ts";
import { askBrief, askResidual, askVariables } from "./questions.ts";
import { chooseRoles, type WizardOrder } from "./roles.ts";

const DRIVERS: DriverRow[] = [
  { name: "claude", permissions: ["read-only", "workspace-write", "danger-full-access"] },
  { name: "standin", permissions: ["workspace-write"] },
];
const ORDER: WizardOrder = {
  bindings: { peerA: "claude", peerB: "standin", aux: "none", foreman: "none" },
  ...{ permission: "workspace-write", isSaved: true, isPermitted: false, drivers: DRIVERS, seconds: 10 },
};
const PREVIOUS = "Use previous bindings? Enter = yes, r = reconfigure: 10s";

async function chosen(answers: (string | null)[], more: Partial<WizardOrder> = {}) {
  const asker = new ScriptedAsker(answers);
  const result = await chooseRoles(asker, { ...ORDER, ...more });
  expect(asker.left).toBe(0);
  return { ...result, shown: asker.shown };
}

const refusal = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "granted",
    ({ code, message, hint }: Refusal) => `${code}: ${message}; ${hint}`,
  );

test("P17 Enter, yes and ten seconds of silence take the previous bindings", async () => {
  for (const answer of ["", "y", "YES", null]) {
    const { shown, ...result } = await chosen([answer]);
    expect(result).toEqual({ bindings: ORDER.bindings, permission: "workspace-write", isNew: false });
    expect(shown).toEqual(["Previous: PeerA claude, PeerB standin, Aux none, Foreman none; workspace-write", PREVIOUS]);
  }
});

test("P17 r asks for each role in turn and for the level; Enter keeps what is offered", async () => {
  const { shown, ...result } = await chosen(["r", "standin", "", "claude", "reuse_aux", ""]);
  expect(result).toEqual({
    bindings: { peerA: "standin", peerB: "standin", aux: "claude", foreman: "reuse_aux" },
    permission: "workspace-write",
    isNew: true,
  });
  expect(shown.slice(2)).toEqual([
    "PeerA [claude] (claude, standin): ",
    "PeerB [standin] (claude, standin, none = PeerA works alone): ",
    "Aux [none] (claude, standin, none): ",
    "Foreman [none] (claude, standin, reuse_aux, none): ",
    "Permission level [workspace-write] (read-only, workspace-write, danger-full-access): ",
  ]);
});

test("P17 an invalid choice is asked again, with the reason in one line", async () => {
  const { shown, bindings, permission } = await chosen(
    ["what", "r", "cladue", "none", "claude", "claude", "", "x", "", "often", "read-only"],
    {},
  );
  expect(bindings.peerA).toBe("claude");
  expect(permission).toBe("read-only");
  expect(shown.filter((line) => !/[:\]] $|10s$/.test(line)).slice(1)).toEqual([
    "what is neither Enter nor r",
    "no driver named cladue; known: claude, standin",
    "PeerA is required",
    "no driver named x; known: claude, standin, reuse_aux, none",
    "often is no permission level; read-only, workspace-write, danger-full-access",
  ]);
});

test("P17 without earlier bindings everything is asked at once", async () => {
  const { shown, isNew } = await chosen(["", "", "", "", ""], { isSaved: false });
  expect(isNew).toBe(true);
  expect(shown[0]).toBe("PeerA [claude] (claude, standin): ");
});

test("P17 earlier bindings of a driver that is not there are not offered", async () => {
  const bindings = { ...ORDER.bindings, peerA: "gemini", peerB: "codex" };
  const { shown, ...result } = await chosen(["", "", "", "", ""], { bindings });
  expect(shown.slice(0, 3)).toEqual([
    "no driver named gemini; known: claude, standin",
    "no driver named codex; known: claude, standin, none",
    "PeerA [claude] (claude, standin): ",
  ]);
  expect(result.bindings).toEqual({ peerA: "claude", peerB: "none", aux: "none", foreman: "none" });
});

test("P99 without PeerB, and without a Foreman besides, the wizard says what that means", async () => {
  const both = await chosen(["r", "", "none", "", "", ""]);
  expect(both.shown).toContain("Only PeerA will run; a Foreman is recommended.");
  expect(both.shown).toContain(
    "Without a Foreman PeerA waits for you when it is done; choose one for autonomous operation.",
  );
  const one = await chosen(["r", "", "none", "", "claude", ""]);
  expect(one.shown.filter((line) => line.endsWith("."))).toEqual(["Only PeerA will run; a Foreman is recommended."]);
  const pair = await chosen(["r", "", "", "", "", ""]);
  expect(pair.shown.filter((line) => line.endsWith("."))).toEqual([]);
});

test("P18 full access is chosen in words, once; who does not type them is asked for another level", async () => {
  const claude = { bindings: { ...ORDER.bindings, peerB: "claude" } };
  const typed = await chosen(["r", "", "", "", "", "danger-full-access", "full access"], claude);
  expect([typed.permission, typed.accept]).toEqual(["danger-full-access", "full access"]);
  expect(typed.shown.at(-1)).toBe('Agents could do everything that you can do. Type "full access" to allow it: ');
  const not = await chosen(["r", "", "", "", "", "danger-full-access", "yes", ""], claude);
  expect([not.permission, not.accept]).toEqual(["workspace-write", undefined]);
  expect(not.shown.slice(-2)).toEqual([
    "It is not allowed.",
    "Permission level [workspace-write] (read-only, workspace-write, danger-full-access): ",
  ]);
  const again = await chosen(["r", "", "", "", "", "danger-full-access"], { ...claude, isPermitted: true });
  expect([again.permission, again.accept]).toEqual(["danger-full-access", undefined]);
});

test("P18 previous full access that nobody has allowed here is not taken by silence", async () => {
  const order = { permission: "danger-full-access", bindings: { ...ORDER.bindings, peerB: "claude" } } as const;
  const { permission, isNew } = await chosen([null, "", "", "", "", "", null, ""], order);
  expect([permission, isNew]).toEqual(["workspace-write", true]);
  const allowed = await chosen([null], { ...order, isPermitted: true });
  expect([allowed.permission, allowed.isNew]).toEqual(["danger-full-access", false]);
});

test("P18 a level that a chosen driver cannot enforce is asked again, and both are named", async () => {
  const { shown, permission } = await chosen(["r", "", "", "", "", "read-only", ""]);
  expect(shown).toContain("driver standin cannot enforce read-only");
  expect(permission).toBe("workspace-write");
});

test("a terminal where nobody is any more ends the questions instead of asking for ever", async () => {
  const drivers: DriverRow[] = [{ name: "standin", permissions: ["read-only"] }];
  const bindings = { peerA: "standin", peerB: "none", aux: "none", foreman: "none" };
  const asker = new ScriptedAsker([null, null, null, null, null]);
  expect(await refusal(chooseRoles(asker, { ...ORDER, isSaved: false, drivers, bindings }))).toBe(
    "failed: driver standin cannot enforce workspace-write; nobody answered; --no-wizard asks nothing",
  );
});

test("P17 a question waits as long as it may, by the clock, and then the reading ends", async () => {
  const clock = new HandClock();
  const written: string[] = [];
  let signal: AbortSignal | undefined;
  const read = (question: string, given: AbortSignal) => {
    written.push(question);
    signal = given;
    return new Promise<string | null>((done) => given.addEventListener("abort", () => done(null)));
  };
  const asker = askerOf({ read, write: (text) => void written.push(text), clock });
  let answer: string | null | undefined;
  const asked = asker.ask("now? ", { seconds: 10 }).then((text) => (answer = text));
  await clock.pass(9999);
  expect([answer, signal?.aborted]).toEqual([undefined, false]);
  await clock.pass(1);
  await asked;
  expect([answer, signal?.aborted]).toEqual([null, true]);
  expect(written).toEqual(["now? ", "\n"]);
  expect(clock.next).toBeNull();
});

test("P17 an answer in time ends the waiting; without a limit there is none", async () => {
  const clock = new HandClock();
  const asker = askerOf({
    read: async (question, _, isHidden) => `${question}typed ${isHidden}`,
    write: () => {},
    clock,
  });
  expect(await asker.ask("a? ", { seconds: 10 })).toBe("a? typed false");
  expect(clock.next).toBeNull();
  expect(await asker.ask("b? ", { isHidden: true })).toBe("b? typed true");
});

const LEFT = { PeerA: ["1", "2"], PeerB: ["3"] };

test("P5 unread letters of an earlier team: resumed by default, archived or discarded when asked for", async () => {
  const settings = settingsFrom();
  for (const [answer, meant] of [
    [null, "resume"],
    ["", "resume"],
    ["r", "resume"],
    ["A", "archive"],
    ["discard", "discard"],
  ] as const) {
    const asker = new ScriptedAsker([answer]);
    expect(await askResidual(asker, LEFT, settings)).toBe(meant);
    expect(asker.shown).toEqual([
      "An earlier team left unread: 2 letters to PeerA and 1 letter to PeerB.",
      "r = resume, a = archive them as read, d = discard them [resume, in 30 s]: 30s",
    ]);
  }
  const twice = new ScriptedAsker(["delete", "d"]);
  expect(await askResidual(twice, LEFT, settings)).toBe("discard");
  expect(twice.shown).toContain("delete is neither r, a nor d");
});

test("P5 where nobody can be asked, or nothing is left, the settings decide at once", async () => {
  const settings = settingsFrom({ cli_profiles: { delivery: { inbox_startup_policy: "archive" } } });
  expect(await askResidual(null, LEFT, settings)).toBe("archive");
  expect(await askResidual(new ScriptedAsker([]), {}, settings)).toBe("archive");
  const silent = settingsFrom({ cli_profiles: { delivery: { inbox_startup_prompt: false } } });
  expect(await askResidual(new ScriptedAsker([]), LEFT, silent)).toBe("resume");
});

test("P24 a missing PROJECT.md is asked about: write it, let a peer draft it, or go on without", async () => {
  for (const [answers, meant] of [
    [["w"], "write"],
    [["P"], "draft"],
    [[""], "without"],
    [[null], "without"],
    [["x", "w"], "write"],
  ] as const) {
    const asker = new ScriptedAsker([...answers]);
    expect(await askBrief(asker)).toBe(meant);
    expect(asker.shown.slice(0, 2)).toEqual([
      "PROJECT.md is missing: agents get no brief of what this project is for.",
      "w = write it yourself, p = let PeerA draft it, Enter = go on without: ",
    ]);
    expect(asker.shown.includes("x is neither w nor p")).toBe((answers as readonly unknown[]).length === 2);
  }
});

test("P22 variables that a driver needs are asked for hidden; where nobody can be asked they are named", async () => {
  const asker = new ScriptedAsker(["one", "two"]);
  expect(await askVariables(asker, ["A_KEY", "B_KEY"])).toEqual({ A_KEY: "one", B_KEY: "two" });
  expect(asker.shown).toEqual(["A_KEY: (hidden)", "B_KEY: (hidden)"]);
  expect(await askVariables(null, [])).toEqual({});
  expect(await refusal(askVariables(null, ["A_KEY", "B_KEY"]))).toBe(
    "failed: these variables are missing: A_KEY, B_KEY; set them in this shell; agents.yaml env_require asks for them",
  );
  expect(await refusal(askVariables(new ScriptedAsker([""]), ["A_KEY"]))).toStartWith("failed: A_KEY is missing; ");
});
