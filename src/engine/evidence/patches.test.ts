import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { PatchOrder, PatchVerdict } from "../../core/ports.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import { why } from "../../core/why.ts";
import { rfdRules } from "../rfd/rules.ts";
import { PatchReactor } from "./patches.ts";

let it: PairHouse;
let orders: PatchOrder[];
let verdict: PatchVerdict;
afterEach(() => it.end());

function house(policies: SettingsChanges["policies"] = {}): void {
  it = new PairHouse({ changes: { policies }, rules: rfdRules });
  orders = [];
  verdict = { ok: true, commit: "c0ffee", branch: "main", steps: [] };
  it.run(
    new PatchReactor({
      clock: it.clock,
      state: () => it.state,
      dispatch: (command, by) => void it.dispatch(command, by),
      body: (patch) => it.log.body(patch.seq) ?? "",
      mailbox: () => ({ archive: async () => {} }),
      line: {
        run: async (order) => {
          orders.push(order);
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
