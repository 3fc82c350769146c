import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { PatchStep } from "../../core/facts.ts";
import type { PatchOrder, PatchVerdict } from "../../core/ports.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import { why } from "../../core/why.ts";
import { rfdRules } from "../rfd/rules.ts";
import { isException, PatchReactor } from "./patches.ts";

let it: PairHouse;
let orders: PatchOrder[];
let verdict: PatchVerdict;
/** What the line tells before its verdict, and how long it then takes. */
let steps: PatchStep[];
let takesMs: number;
/** Names of archived patches by seat, or why none can be archived. */
let archived: string[][];
let obstacle: unknown;
afterEach(() => it.end());

function house(policies: SettingsChanges["policies"] = {}): void {
  it = new PairHouse({ changes: { policies }, rules: rfdRules });
  [orders, steps, archived, takesMs, obstacle] = [[], [], [], 0, null];
  verdict = { ok: true, commit: "c0ffee", branch: "main", steps: [] };
  it.run(
    new PatchReactor({
      clock: it.clock,
      state: () => it.state,
      dispatch: (command, by) => void it.dispatch(command, by),
      body: (patch) => it.log.body(patch.seq) ?? "",
      mailbox: () => ({
        async archive(seat, name, diff) {
          if (obstacle !== null) throw obstacle;
          archived.push([seat, name, diff]);
        },
      }),
      line: {
        run: async (order, tell) => {
          orders.push(order);
          for (const step of steps) tell({ step, output: `output of ${step.step}` });
          if (takesMs > 0) await it.clock.sleep(takesMs);
          return verdict;
        },
      },
    }) as never,
  );
}

function submit(patch: string, paths: string[], author = ANN, sha = patch): void {
  it.dispatch({ do: "submit", patch: { patch, team: "pair", author, title: "t", sha, lines: 1, paths, body: "d" } });
}
const states = () => Object.values(it.state.patches).map(({ id, state }) => `${id} ${state}`);

test("P51 a patch on a file that the peer claims waits until the claim ends, and lets others pass", async () => {
  house();
  it.write(BOB, ANN, "CLAIM: rework it, files:[src/a.ts]");
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  expect(states()).toEqual(["P-0001 queued"]);
  const reason = it.state.patches["P-0001"]?.reason ?? "";
  expect(reason).toBe(`locked: PeerB claims src/a.ts until ${new Date(it.clock.now() + 1_800_000).toISOString()}`);
  expect(why(it.state, "P-0001", [])).toMatchObject({ because: reason, change: "the lock ends, or its owner is done" });
  submit("P-0002", ["src/b.ts"]);
  await it.settle();
  expect(states()).toEqual(["P-0001 queued", "P-0002 committed"]);
  await it.clock.pass(1_800_000 - 1);
  expect(states()[0]).toBe("P-0001 queued");
  await it.clock.pass(1);
  expect(states()).toEqual(["P-0001 committed", "P-0002 committed"]);
});

test("P51 one's own claim keeps nobody's own patch waiting", async () => {
  house();
  it.write(ANN, BOB, "CLAIM: rework it, files:[src/a.ts]");
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  expect(states()).toEqual(["P-0001 committed"]);
});

test("P49 an approved patch goes through the line as an exception, any other as usual", async () => {
  house();
  verdict = { ok: false, kind: "reject", reason: "path-not-allowed: src/api/public/x", output: "" };
  submit("P-0001", ["src/api/public/x"], ANN, "aaaaaaaa11");
  await it.settle();
  expect(orders.map(({ isException }) => isException)).toEqual([false]);
  verdict = { ok: true, commit: "c0ffee", branch: "main", steps: [] };
  for (const [who, to] of [
    [ANN, BOB],
    [BOB, ANN],
  ] as const)
    it.write(who, to, "Sign(rfd=rfd-prot-aaaaaaaa, decision=approve): yes");
  it.dispatch({ do: "sign", rfd: "rfd-prot-aaaaaaaa", decision: "approve" });
  await it.settle();
  expect(orders.map(({ isException }) => isException)).toEqual([false, true]);
  expect(states()).toEqual(["P-0001 committed"]);
  submit("P-0002", ["src/api/public/x"], ANN, "aaaaaaaa11");
  submit("P-0003", ["src/api/public/x"], ANN, "bbbbbbbb11");
  await it.clock.pass(1);
  await it.clock.pass(1);
  expect(orders.map(({ patch, isException }) => [patch, isException]).slice(2)).toEqual([
    ["P-0002", true],
    ["P-0003", false],
  ]);
});

test("P53 where the patch queue is off, a patch is refused with what to do, and nothing runs", async () => {
  house({ patch_queue: { mode: "off" } });
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  expect(orders).toEqual([]);
  expect(it.state.patches["P-0001"]).toMatchObject({
    state: "refused",
    reason: "queue-off: patch_queue.mode is off here; commit it yourself",
  });
});

const APPLY: PatchStep = { step: "apply", command: "git apply", code: 0, millis: 5 };
const TEST: PatchStep = { step: "test", command: "bun test", code: 0, millis: 9 };
const standbys = () => it.facts("message.queued").filter(({ preview }) => preview.startsWith("Stand by: P-0001"));

test("P43 a patch goes to the line whole, under the seat and the letter that it came from", async () => {
  house();
  submit("P-0001", ["src/a.ts"], BOB, "abcdef0123456789");
  await it.settle();
  expect(orders).toEqual([
    {
      ...{ repo: "/r", patch: "P-0001", mid: "muster-0-abcdef", seat: "PeerB", title: "t", diff: "d" },
      isException: false,
    },
  ]);
  submit("P-0002", ["src/a.ts"], "c0000003");
  await it.settle();
  expect(orders.at(-1)?.seat).toBe("c0000003");
});

test("P44 each step is a fact; without steps in the verdict those that were told stand in the commit", async () => {
  house();
  steps = [APPLY, TEST];
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  expect(it.facts("patch.stepped").map(({ patch, step }) => [patch, step.step])).toEqual([
    ["P-0001", "apply"],
    ["P-0001", "test"],
  ]);
  expect(it.facts("patch.committed")).toMatchObject([{ commit: "c0ffee", branch: "main", steps: [APPLY, TEST] }]);
  verdict = { ok: true, commit: "c1", branch: "main", steps: [TEST] };
  submit("P-0002", ["src/b.ts"]);
  await it.clock.pass(1);
  expect(it.facts("patch.committed").at(-1)?.steps).toEqual([TEST]);
});

test("P45 a refused patch says of which kind and why; what a commit leaves to say is a notice", async () => {
  house();
  verdict = { ok: false, kind: "test", reason: "one test fails", output: "1 fail" };
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  expect(it.facts("patch.refused")).toMatchObject([{ patch: "P-0001", kind: "test", reason: "one test fails" }]);
  expect(it.facts("notice.raised").filter(({ about }) => about === "P-0001")).toEqual([]);
  verdict = { ok: true, commit: "c1", branch: "main", steps: [], notice: "your tree is behind" };
  submit("P-0002", ["src/b.ts"]);
  await it.clock.pass(1);
  expect(it.facts("notice.raised").filter(({ about }) => about === "P-0002")).toMatchObject([
    { level: "warning", text: "your tree is behind" },
  ]);
});

test("P45 a patch is archived under its author's seat, by time, result and digest", async () => {
  house();
  const at = new Date(it.clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, "");
  submit("P-0001", ["src/a.ts"], ANN, "abcdef0123456789");
  await it.settle();
  verdict = { ok: false, kind: "lint", reason: "x", output: "" };
  submit("P-0002", ["src/b.ts"], BOB, "123456789abcdef0");
  await it.settle();
  expect(archived).toEqual([
    ["PeerA", `${at}Z__commit__abcdef01.patch`, "d"],
    ["PeerB", `${at}Z__lint__12345678.patch`, "d"],
  ]);
});

test("P45 an archive that is broken is said, and keeps no commit from being told", async () => {
  house();
  obstacle = new Error("the disk is full");
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  obstacle = "no reason";
  submit("P-0002", ["src/b.ts"]);
  await it.clock.pass(1);
  expect(states()).toEqual(["P-0001 committed", "P-0002 committed"]);
  const said = it.facts("notice.raised").filter(({ text }) => text.includes("archived"));
  expect(said).toMatchObject([
    { level: "warning", about: "P-0001", text: "P-0001 could not be archived: the disk is full" },
    { level: "warning", about: "P-0002", text: "P-0002 could not be archived: no reason" },
  ]);
});

test("P46 a check that takes longer than two seconds is announced to both peers, once it has begun", async () => {
  house();
  steps = [APPLY, TEST];
  takesMs = 5000;
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  await it.clock.pass(1999);
  expect(standbys()).toEqual([]);
  await it.clock.pass(1);
  expect(standbys().map(({ to, kind }) => [to, kind])).toEqual([
    [ANN, "system"],
    [BOB, "system"],
  ]);
  await it.clock.pass(3000);
  expect([states(), standbys().length]).toEqual([["P-0001 committed"], 2]);
});

test("P46 a quick check, or one that could not begin, is not announced", async () => {
  house();
  steps = [APPLY];
  takesMs = 1000;
  submit("P-0001", ["src/a.ts"]);
  await it.settle();
  await it.clock.pass(1000);
  await it.clock.pass(5000);
  steps = [TEST];
  takesMs = 5000;
  submit("P-0002", ["src/b.ts"]);
  await it.settle();
  await it.clock.pass(5000);
  expect(it.facts("message.queued").filter(({ preview }) => preview.startsWith("Stand by"))).toEqual([]);
  expect(states()).toEqual(["P-0001 committed", "P-0002 committed"]);
});

test("P49 only an approval of exactly this patch in its team, within its hours, makes an exception", () => {
  house();
  submit("P-0001", ["src/a.ts"], ANN, "abc");
  const patch = it.state.patches["P-0001"];
  if (!patch) throw new Error("no patch");
  const card = { rfd: "r-1", team: "pair", kind: "large", author: ANN, title: "T", tasks: [] as string[] } as const;
  const open = (rfd: string, more: object, decision: "approve" | "reject") => {
    it.observe({ type: "rfd.opened", ...card, rfd, ...more });
    it.observe({ type: "rfd.decided", rfd, decision, decider: "user" });
  };
  const now = it.clock.now();
  const hours = it.team.settings.policies.rfd.ttl_hours * 3_600_000;
  open("r-1", { sha: "other" }, "approve");
  open("r-2", { sha: "abc" }, "reject");
  open("r-3", { sha: "abc", team: "else" }, "approve");
  it.observe({ type: "rfd.opened", ...card, rfd: "r-4", sha: "abc" });
  expect(isException(it.state, patch, now)).toBe(false);
  open("r-5", { sha: "abc" }, "approve");
  expect([now, now + hours - 1, now + hours].map((at) => isException(it.state, patch, at))).toEqual([
    true,
    true,
    false,
  ]);
});
