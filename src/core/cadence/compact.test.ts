import { afterEach, expect, test } from "bun:test";
import { BeatHouse } from "../../../test/fakes/beat-house.ts";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { statusParts, statusText, teamStatus } from "../team-status.ts";

const MINUTE = 60_000;
let it: BeatHouse;
afterEach(() => it.end());

const compacts = (agent = BOB): number =>
  it.facts("control.requested").filter((fact) => fact.agent === agent && fact.action === "compact").length;

/** Six handoffs to BOB, all delivered and read. */
function talk(times = 6): void {
  for (let n = 0; n < times; n += 1) it.write(ANN, BOB, `Evidence: piece ${n} of ${it.state.seq}`);
  it.readAll(BOB);
}

test("P55 a CLI compacts when all holds: 900 s, six handoffs, idle for 120 s, nothing waiting", async () => {
  it = new BeatHouse({ cli_profiles: { delivery: { self_check_every_handoffs: 1000 } } });
  await it.clock.pass(900_000);
  expect(it.why(BOB, "compact")).toBe("0 handoffs since the last one; 6 are needed");
  talk(5);
  await it.clock.pass(10 * MINUTE);
  expect(compacts()).toBe(0);
  talk(1);
  await it.settle();
  expect(it.why(BOB, "compact")).toBe("something was delivered less than 120 s ago");
  await it.clock.pass(119_999);
  expect(compacts()).toBe(0);
  await it.clock.pass(1);
  expect(compacts()).toBe(1);
  expect(compacts(ANN)).toBe(0);
  const { handoffs } = it.state.rhythms[BOB] ?? {};
  expect(it.facts("control.requested").at(-1)?.control).toBe(`compact-${BOB}-${handoffs}`);
  expect(it.facts("cadence.sent").filter(({ beat }) => beat === "compact")).toMatchObject([{ agent: BOB }]);
});

test("P55 nothing is typed into a busy turn, and the next compact waits another 900 s: fault 8", async () => {
  it = new BeatHouse({ cli_profiles: { delivery: { self_check_every_handoffs: 1000 } } });
  talk();
  it.be(BOB, "busy");
  await it.clock.pass(20 * MINUTE);
  expect(compacts()).toBe(0);
  expect(it.why(BOB, "compact")).toBe("the agent is busy");
  it.be(BOB, "idle");
  await it.clock.pass(119_999);
  expect(compacts()).toBe(0);
  await it.clock.pass(1);
  expect(compacts()).toBe(1);
  it.observe({ type: "session.compacted", agent: BOB });
  expect(it.state.rhythms[BOB]).toMatchObject({ sinceCompact: 0, compactedAt: it.clock.now() });
  talk();
  await it.clock.pass(899_999);
  expect(compacts()).toBe(1);
  await it.clock.pass(1);
  expect(compacts()).toBe(2);
});

test("P55 a CLI without the command says n/a, and one that is told not to says so", async () => {
  it = new BeatHouse();
  it.compact = undefined;
  talk();
  await it.clock.pass(30 * MINUTE);
  expect(compacts()).toBe(0);
  expect(it.why(BOB, "compact")).toBe("n/a: its CLI has no command for it");
  await it.end();
  it = new BeatHouse({ cli_profiles: { delivery: { auto_compact: { enabled: false } } } });
  talk();
  await it.clock.pass(30 * MINUTE);
  expect(compacts()).toBe(0);
  expect(it.why(BOB, "compact")).toBe("auto_compact is off");
});

test("P56 a conversation is reset after so many handoffs, compacted or cleared as the user wants; 0 is never", async () => {
  it = new BeatHouse({ cli_profiles: { delivery: { conversation_reset: { policy: "clear", interval_handoffs: 3 } } } });
  talk(2);
  await it.settle();
  expect(it.why(BOB, "clear")).toBe("2 handoffs since the last one; 3 are needed");
  talk(1);
  await it.settle();
  const cleared = () => it.facts("control.requested").filter(({ action }) => action === "clear").length;
  expect(cleared()).toBe(1);
  expect(it.state.rhythms[BOB]?.sinceReset).toBe(0);
  await it.end();
  it = new BeatHouse();
  talk(20);
  await it.clock.pass(MINUTE);
  expect(cleared()).toBe(0);
  expect(it.why(BOB, "clear")).toBe("conversation_reset.interval_handoffs is 0");
});

test("P56 a CLI that cannot compact is cleared where a person wants that, and told n/a where it should compact", async () => {
  const every = (policy: "clear" | "compact") => ({
    cli_profiles: { delivery: { conversation_reset: { policy, interval_handoffs: 3 } } },
  });
  const resets = () => it.facts("control.requested").map(({ action }) => action);
  it = new BeatHouse(every("clear"));
  it.compact = undefined;
  talk(3);
  await it.settle();
  expect(resets()).toEqual(["clear"]);
  await it.end();
  it = new BeatHouse(every("compact"));
  it.compact = undefined;
  talk(3);
  await it.settle();
  expect([resets(), it.state.rhythms[BOB]?.skipped.compact?.reason]).toEqual([
    [],
    "n/a: its CLI has no command for it",
  ]);
});

test("P56 /reset compacts or clears by hand as soon as the CLI rests, once for each wish", async () => {
  it = new BeatHouse();
  it.be(BOB, "busy");
  const done = (action: string) => it.facts("control.requested").filter((fact) => fact.action === action).length;
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "clear" });
  await it.settle();
  expect([done("clear"), it.why(BOB, "clear")]).toEqual([0, "the agent is busy"]);
  it.be(BOB, "idle");
  await it.settle();
  expect([done("clear"), it.why(BOB, "clear")]).toEqual([0, "something is on its way to it"]);
  it.readAll(BOB);
  await it.settle();
  expect(done("clear")).toBe(1);
  await it.clock.pass(MINUTE);
  expect(done("clear")).toBe(1);
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "clear" });
  it.readAll(BOB);
  await it.settle();
  expect(done("clear")).toBe(2);
  // Each wish is a control of its own, or the second would pass for the first.
  const ids = it.facts("control.requested").map(({ control }) => control);
  expect([new Set(ids).size, ids.every((id) => id.startsWith(`clear-${BOB}-`))]).toEqual([2, true]);
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "compact" });
  await it.settle();
  expect(done("compact")).toBe(1);
  it.compact = undefined;
  it.dispatch({ do: "ask", team: "pair", agent: BOB, beat: "compact" });
  await it.settle();
  expect([done("compact"), it.why(BOB, "compact")]).toEqual([1, "n/a: its CLI has no command for it"]);
});

test("P55 the status says n/a where no CLI of the team is known to have the command", () => {
  it = new BeatHouse();
  const said = (...known: (boolean | undefined)[]): string | undefined => {
    for (const [n, agent] of [ANN, BOB].entries())
      Object.assign(it.state.agents[agent]?.hire ?? {}, { canCompact: known[n] });
    const status = teamStatus(it.state, "pair");
    return status && statusText(statusParts(status, 0, String)).find((line) => line.startsWith("Next:"));
  };
  const next = "Next: self-check in 6 | auto-compact";
  expect(said(undefined, undefined)).toBe(`${next} on`);
  expect(said(false, undefined)).toBe(`${next} on`);
  expect(said(false, true)).toBe(`${next} on`);
  expect(said(false, false)).toBe(`${next} n/a`);
});
