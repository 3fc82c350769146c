import { afterEach, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { State } from "../../src/core/state.ts";
import { Hour } from "./hour/hour.ts";
import { ECHO, SOLO } from "./hour/other-plays.ts";
import { NAMES } from "./hour/play.ts";

let hours: Hour[] = [];
afterEach(async () => {
  for (const hour of hours) await hour.world.end();
  hours = [];
});

const committed = (state: State, count: number): boolean =>
  Object.values(state.patches).filter((patch) => patch.state === "committed").length >= count;
const isComplete = (state: State, task: string): boolean => state.boards.pair?.tasks[task]?.status === "complete";

/** Sixty minutes of a pair, with everything that can happen in a night; the seed says who crashes first and who is spoken to. */
async function play(seed: number): Promise<{ hour: Hour; state: State }> {
  const hour = new Hour();
  hours.push(hour);
  const [first, second] = seed % 2 === 0 ? (["PeerA", "PeerB"] as const) : (["PeerB", "PeerA"] as const);
  await hour.begin();
  await hour.rest();
  await hour.say("a: Build the plan of PROJECT.md with your peer.");
  await hour.passUntil("add is committed and reviewed", (state) => isComplete(state, "T001"));
  await hour.crash(first);
  await hour.passUntil("mul waits for the user", (state) => Object.values(state.rfds)[0]?.signatures.length === 2);
  const [rfd] = Object.keys((await hour.state()).rfds);
  await hour.crash(second);
  await hour.say(`/rfd ${rfd} approve`);
  await hour.passUntil("mul is committed", (state) => committed(state, 2));
  await hour.say(`${first === "PeerA" ? "a" : "b"}: one word to you while nobody looks.`);
  await hour.world.kill();
  await hour.boot();
  await hour.passUntil("everything is complete", (state) => NAMES.every((_, n) => isComplete(state, `T00${n + 1}`)));
  await hour.say("/aux Is mul right, with its long table?");
  await hour.pass(3600 - hour.moved / 1000);
  return { hour, state: await hour.rest() };
}

/** Each message that was typed reached its reader's model exactly once. */
async function requireOnce(hour: Hour, state: State): Promise<void> {
  for (const seat of ["PeerA", "PeerB"]) {
    const agent = await hour.agent(seat);
    const marks = await hour.marks(seat);
    const typed = Object.values(state.messages).filter(({ to, evidence }) => to === agent && evidence !== "nudge");
    expect(typed.length).toBeGreaterThan(10);
    expect(typed.filter(({ state: is }) => is !== "delivered")).toEqual([]);
    for (const { mid, preview } of typed) {
      expect([preview, marks.filter((mark) => mark === mid).length]).toEqual([preview, 1]);
    }
    expect(new Set(marks).size).toBe(marks.length);
  }
}

/** Sights of programs at work: into how many of them one moment falls is the machine's affair, not the seed's. */
const SIGHT = /"kind":"(scope_change|auto-compact-skip)"/;

/** A ledger's lines, each sight once. */
const story = (hour: Hour): string[] =>
  hour
    .ledger()
    .sort()
    .filter((line, n, lines) => !SIGHT.test(line) || line !== lines[n - 1]);

const SEED = 2;
/** What the first hour left. */
let told: string[] | undefined;

test("an hour of a pair: three tasks from plan to commit, whatever crashes, and nothing lost or doubled", async () => {
  const { hour, state } = await play(SEED);
  told = story(hour);
  expect(hour.moved).toBe(3_600_000);
  const log = hour.git("log", "--format=%s", "--reverse").trim().split("\n");
  expect(log).toEqual(["first", ...NAMES.map((name) => `muster(PeerA): change src/${name}.js`)]);
  for (const name of NAMES) expect(existsSync(join(hour.repo, `src/${name}.js`))).toBe(true);
  await requireOnce(hour, state);
  expect(Object.values(state.rfds)).toMatchObject([{ kind: "large", decided: { decision: "approve", by: "user" } }]);
  expect(Object.values(state.evidence).filter(({ verdict }) => verdict === "refuted")).toHaveLength(1);
  const { por, subpors, errors } = state.boards.pair ?? {};
  expect([por?.lint, Object.values(subpors ?? {}).flatMap(({ lint }) => lint), errors]).toEqual([[], [], {}]);
  const members = state.teams.pair?.seats.map(({ agent }) => agent) ?? [];
  for (const agent of members) {
    expect(state.agents[agent]).toMatchObject({ incarnation: 2, activity: "idle" });
    expect(state.rhythms[agent]?.checks).toBeGreaterThan(0);
    expect(state.rhythms[agent]?.compactedAt).toBeGreaterThan(0);
  }
  const logs = readdirSync(join(hour.repo, ".muster/logs")).map((name) => name.split("_")[0]);
  expect(logs.sort()).toEqual(["peerA", "peerB"]);
  const errands = Object.values(state.errands.all);
  const runs = errands.filter(({ role }) => role === "foreman");
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const asked = Object.values(state.messages).filter(({ preview }) =>
    preview.startsWith("Please look whether the risks"),
  );
  expect(asked.map(({ to, state: is }) => [to, is])).toEqual(Array(4).fill([members[1], "delivered"]));
  const answers = Object.values(state.messages).filter(({ to, preview }) => to === "user" && preview.startsWith("Aux"));
  expect([errands.filter(({ role }) => role === "aux").map(({ code }) => code), answers.length]).toEqual([[0], 1]);
  const ledger = hour.ledger();
  for (const kind of ["decision", "evidence-refuted", "peer-crash", "self-check", "system-refresh", "auto-compact"])
    expect([kind, ledger.some((line) => line.includes(`"kind":"${kind}"`))]).toEqual([kind, true]);
}, 120_000);

test("an hour with the same seed leaves the same ledger", async () => {
  told ??= story((await play(SEED)).hour);
  expect(story((await play(SEED)).hour)).toEqual(told);
}, 120_000);

const typings = (state: State, seat: string): string[] => {
  const agent = state.teams.pair?.seats.find((one) => one.seat === seat)?.agent;
  return Object.values(state.messages)
    .filter(({ to, attempt }) => to === agent && attempt > 0)
    .map(({ preview }) => preview);
};

test("two CLIs that are left alone for an hour are typed to exactly as often as the rules say: fault 28", async () => {
  const hour = new Hour();
  hours.push(hour);
  await hour.begin({ scenario: { rules: [{ do: [{ say: "Noted." }] }] }, isForeman: false });
  await hour.rest();
  await hour.pass(3600, 120);
  const state = await hour.rest();
  for (const seat of ["PeerA", "PeerB"])
    expect(typings(state, seat)).toEqual([expect.stringContaining(`SYSTEM for ${seat}`)]);
}, 60_000);

test("two that answer each other politely for ever are held after six letters, with one line to the user: P33", async () => {
  const hour = new Hour();
  hours.push(hour);
  await hour.begin({ scenario: ECHO, isForeman: false });
  await hour.rest();
  await hour.say("a: Be polite.");
  await hour.pass(600, 20);
  const state = await hour.rest();
  const letters = Object.values(state.messages).filter(({ kind, from }) => kind === "letter" && from !== "user");
  expect(letters.map(({ state: is, held }) => held?.rule ?? is)).toEqual([...Array(6).fill("delivered"), "damping"]);
  const told = Object.values(state.messages).filter(({ to, preview }) => to === "user" && preview.includes("are held"));
  expect(told).toHaveLength(1);
}, 60_000);

test("P95 P96 P101 one alone works by the System's rhythm, is told to go on three times, and then waits for the user", async () => {
  const hour = new Hour();
  hours.push(hour);
  await hour.begin({ scenario: SOLO, isSolo: true, isForeman: false });
  await hour.rest();
  await hour.say("Build add alone.");
  await hour.passUntil("it tells the user", (state) => isComplete(state, "T001"));
  await hour.passUntil("it tells the user", (state) =>
    Object.values(state.messages).some(({ to, preview }) => to === "user" && preview.startsWith("add is committed")),
  );
  await hour.pass(3600, 60);
  const state = await hour.rest();
  expect(hour.git("log", "--format=%s", "-1").trim()).toBe("muster(PeerA): change src/add.js");
  const told = typings(state, "PeerA").filter((text) => text.startsWith("OK. Continue: tell the user"));
  expect(told).toHaveLength(3);
  const toUser = Object.values(state.messages).filter(({ to, from }) => to === "user" && from === "system");
  expect(toUser.filter(({ preview }) => preview.includes("waiting for you"))).toHaveLength(1);
  await expect(hour.say("b: are you there?")).rejects.toThrow("Single-peer mode, use /a");
  expect(hour.ledger().filter((line) => line.includes("single-peer-intercept")).length).toBeGreaterThan(2);
}, 60_000);
