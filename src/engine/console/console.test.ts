import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { ConsoleReply } from "../../core/api.ts";
import { CONSOLE_COMMANDS, type ConsoleRight } from "../../core/console-line.ts";
import { patchRules } from "../evidence/rules.ts";
import { rfdRules } from "../rfd/rules.ts";
import { Console, type ConsoleCall } from "./console.ts";

const ALL: ConsoleRight[] = ["read", "talk", "operate", "approve"];
let it: PairHouse;
let typed: [string, string][];
let asked: string[];
let console_: Console;

function house(isSolo = false): void {
  it = new PairHouse({ isSolo, rules: [...rfdRules, ...patchRules] });
  typed = [];
  asked = [];
  let count = 0;
  const errand = (name: string) => async (_: unknown, word?: string) => {
    asked.push([name, word].filter(Boolean).join(" "));
    return [`${name} ok`];
  };
  console_ = new Console({
    engine: it.engine,
    clock: it.clock,
    random: { hex: () => (count++).toString(16).padStart(6, "0") },
    errands: { foreman: errand("foreman"), aux: errand("aux"), review: errand("review") },
    timeOfDay: (at) => `T${at % 100_000}`,
    type: async (agent, text) => void typed.push([agent, text]),
    bindings: async (_, seat) => ({ driver: "standin", model: `m-${seat}` }),
  });
}
beforeEach(() => house());
afterEach(() => it.end());

const say = (line: string, more: Partial<ConsoleCall> = {}): Promise<ConsoleReply> =>
  console_.execute({ team: "pair", line, channel: "tui", rights: ALL, ...more });
const lines = async (line: string): Promise<string[]> => (await say(line)).lines;
const fromUser = (): [string, string][] =>
  it
    .facts("message.queued")
    .filter(({ from }) => from === "user")
    .map(({ to, preview }) => [to, preview]);

test("P81 a: b: both: and u: go where they say, and the answer says so", async () => {
  expect(await lines("a: look at src/a.ts")).toEqual(["to PeerA"]);
  expect(await lines("/b and you at src/b.ts")).toEqual(["to PeerB"]);
  expect(await lines("both： hello")).toEqual(["to PeerA and PeerB"]);
  expect(await lines("u: again")).toEqual(["to PeerA and PeerB"]);
  expect(fromUser()).toEqual([
    ...([
      [ANN, "look at src/a.ts"],
      [BOB, "and you at src/b.ts"],
      [ANN, "hello"],
      [BOB, "hello"],
    ] as [string, string][]),
    ...([
      [ANN, "again"],
      [BOB, "again"],
    ] as [string, string][]),
  ]);
});

test("P81 a text without a prefix goes to both, with a visible hint", async () => {
  expect(await say("how is it going?")).toEqual({
    lines: ["to PeerA and PeerB", "no prefix: it goes to all; a: b: or both: say whom you mean"],
    tone: "plain",
    isUnrouted: true,
  });
});

test("P81 an unknown command names the nearest, and nothing is sent", async () => {
  await expect(say("/puase")).rejects.toThrow("no command /puase");
  expect(fromUser()).toEqual([]);
  expect(it.team.paused).toBeUndefined();
});

test("P36 a! types literal text and Enter into that terminal, without a message", async () => {
  expect(await lines("a! /model opus")).toEqual(["typed into the terminal of PeerA"]);
  expect(await lines("b!y")).toEqual(["typed into the terminal of PeerB"]);
  expect(typed).toEqual([
    [ANN, "/model opus"],
    [BOB, "y"],
  ]);
  expect(fromUser()).toEqual([]);
});

test("P36 a sender without the right types nothing, and neither pauses nor decides", async () => {
  await expect(say("a! y", { rights: ["read", "talk"] })).rejects.toThrow("needs right operate");
  await expect(say("/pause", { rights: ["read", "talk"] })).rejects.toThrow("needs right operate");
  await expect(say("/release x", { rights: ["read", "talk", "operate"] })).rejects.toThrow("needs right approve");
  await expect(say("a: hi", { rights: ["read"] })).rejects.toThrow("needs right talk");
  expect((await say("/rfd", { rights: ["read"] })).lines).toEqual(["nothing is to be decided"]);
  expect([typed, fromUser(), it.team.paused]).toEqual([[], [], undefined]);
});

test("P100 alone, /a and /both are the one peer, /b is refused with the way", async () => {
  await it.end();
  house(true);
  expect(await lines("both: hello")).toEqual(["to PeerA"]);
  expect(await lines("hello")).toEqual(["to PeerA"]);
  for (const line of ["b: x", "/b x", "b! x"]) await expect(say(line)).rejects.toThrow("Single-peer mode, use /a");
  expect(fromUser()).toHaveLength(2);
});

test("P35 /pause and /resume turn the deliveries off and on; twice is said", async () => {
  expect(await lines("/pause")).toEqual(["paused: letters gather in the inboxes"]);
  expect(await lines("/pause")).toEqual(["paused: letters gather in the inboxes (it was so already)"]);
  expect(await lines("a: hi")).toEqual(["to PeerA; the team is paused, it waits in the inbox"]);
  expect(await lines("/resume")).toEqual(["resumed"]);
  expect(it.team.paused).toBeUndefined();
});

test("P62 /restart starts programs again as the settings say now", async () => {
  expect(await lines("/restart both")).toEqual(["PeerA and PeerB: started again"]);
  expect(it.facts("agent.restarted")).toMatchObject([
    { agent: ANN, changes: { model: "m-PeerA" } },
    { agent: BOB, changes: { model: "m-PeerB" } },
  ]);
  await it.end();
  house();
  expect(await lines("/restart peerb")).toEqual(["PeerB: started again"]);
  await expect(say("/restart peerc")).rejects.toThrow("that is not how /restart is used");
});

test("P64 P66 P68 /foreman, /aux, c: and /review are handed to those who run errands", async () => {
  for (const line of ["/foreman now", "/aux look at it", "c: look again", "/c and again", "/review"]) await say(line);
  expect(asked).toEqual(["foreman now", "aux look at it", "aux look again", "aux and again", "review"]);
});

test("P72 /focus asks for the board with its hint; P56 /reset asks each; P54 /refresh too", async () => {
  expect(await lines("/focus the parser")).toEqual(["the board will be looked after"]);
  expect(it.facts("team.focused")).toMatchObject([{ hint: "the parser" }]);
  expect(await lines("/reset compact")).toEqual(["compact, as soon as each rests"]);
  expect(await lines("/refresh")).toEqual(["SYSTEM goes to each again"]);
  expect(it.facts("cadence.asked").map(({ agent, beat }) => [agent, beat])).toEqual([
    ...([
      [ANN, "compact"],
      [BOB, "compact"],
      [ANN, "refresh"],
      [BOB, "refresh"],
    ] as [string, never][]),
  ]);
});

test("P31 /filter off lets everything pass, on holds again, and status says which", async () => {
  expect(await lines("/filter status")).toEqual(["the filter is on; 0 held"]);
  expect(await lines("/filter off")).toEqual(["filter is off"]);
  expect(it.message(it.write(ANN, BOB, "ok")).held).toBeUndefined();
  expect(await lines("/filter on")).toEqual(["filter is on"]);
  it.write(BOB, ANN, "ok");
  expect(await lines("/filter status")).toEqual(["the filter is on; 1 held"]);
});

test("P39 /echo and P90 /verbose are switches of the team, and stay over a change of its settings", async () => {
  expect(await lines("/echo off")).toEqual(["echo is off"]);
  expect(await lines("/verbose on")).toEqual(["verbose is on"]);
  it.observe({ type: "settings.loaded", team: "pair", hash: "h9", changes: {}, warnings: [] });
  expect(it.team.settings.cli_profiles.console_echo).toBe(false);
  expect(it.team.switches).toEqual({ echo: false, verbose: true });
  await expect(say("/verbose maybe")).rejects.toThrow("that is not how /verbose is used");
});

test("P31 /queue shows what is held with its reason and id, and /release lets it go", async () => {
  expect(await lines("/queue")).toEqual(["nothing waits"]);
  const mid = it.write(ANN, BOB, "ok");
  const [line = ""] = (await lines("/queue")).filter((one) => one.startsWith(mid));
  expect(line).toBe(
    `${mid}  PeerA to PeerB: ok  [held (low-signal): it matches ^\\s*(ok|okay|ready|standby|waiting|idle)\\b]`,
  );
  expect(await lines(`/release ${mid}`)).toEqual([`${mid} goes on`]);
  await expect(say(`/release ${mid}`)).rejects.toThrow("is not held");
});

test("P51 /locks lists who claims what, for how long", async () => {
  expect(await lines("/locks")).toEqual(["nobody claims a file"]);
  const mid = it.write(ANN, BOB, "CLAIM: rework it, files:[src/p.ts]");
  expect(await lines("/locks")).toEqual([`PeerA  src/p.ts  another 30m  (${mid})`]);
});

test("P50 /rfd lists what is to be decided, and decides it with the channel in the ledger", async () => {
  it.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Drop it\nid: rfd-msg-1");
  it.write(BOB, ANN, "type: CLAIM\nintent: rfd\ntitle: Keep it\nid: rfd-msg-2");
  expect(await lines("/rfd")).toEqual([
    "rfd-msg-1  Drop it  [waits for PeerA, PeerB, user]",
    "rfd-msg-2  Keep it  [waits for PeerA, PeerB, user]",
  ]);
  expect(await lines("/rfd rfd-msg-1 ask")).toEqual(["rfd-msg-1: its author is asked for more"]);
  expect(await lines("/rfd rfd-msg-1 approve")).toEqual(["rfd-msg-1: signed; waits for PeerA, PeerB"]);
  expect((await say("/rfd rfd-msg-2 reject", { channel: "telegram" })).lines).toEqual(["rfd-msg-2: rejected"]);
  expect(it.facts("rfd.decided")).toMatchObject([
    { rfd: "rfd-msg-2", decision: "reject", decider: "user", channel: "telegram" },
  ]);
  await expect(say("/rfd rfd-msg-2 approve")).rejects.toThrow("already decided by user at");
});

test("P57 /status says how the team is, and what is wrong in its settings, with file and line", async () => {
  const text = "/r/.muster/settings/policies.yaml:3:1 x: unknown key";
  it.observe({ type: "settings.loaded", team: "pair", hash: "h9", changes: {}, warnings: [text] });
  const said = await lines("/status");
  expect(said.find((line) => line.startsWith("Agents"))).toMatch(/^Agents A idle \d+s MOCK \| B idle \d+s MOCK$/);
  expect(said.at(-1)).toBe(`settings: ${text}`);
  it.dispatch({ do: "pause", team: "pair" });
  expect((await lines("/status"))[0]).toBe("PAUSED since T0 /resume delivers again");
});

test("/why answers for a message, a seat and the beginning of an id, and says when nothing is called so", async () => {
  const mid = it.write(ANN, BOB, "ok", { mid: "mast-17-abc111" });
  for (const name of [mid, "mast-17-abc", "mast"])
    expect([name, (await lines(`/why ${name}`))[0]]).toEqual([name, `message ${mid} is queued`]);
  for (const name of ["PeerA", "peera", ANN, ANN.slice(0, 4)])
    expect([name, (await lines(`/why ${name}`))[0]]).toEqual([name, `PeerA (${ANN}) is idle`]);
  expect((await lines("/why pair"))[0]).toBe("team pair is running");
  it.write(ANN, BOB, "well then", { mid: "mast-17-abc222" });
  await expect(say("/why mast-17-abc")).rejects.toThrow("mast-17-abc is ambiguous");
  await expect(say("/why mas")).rejects.toThrow("nothing is called mas");
  await expect(say("/why nothing")).rejects.toThrow("nothing is called nothing");
});

test("/why answers for one beat of a member, and for the team's Foreman", async () => {
  expect(await lines("/why PeerA Keepalive")).toEqual([
    "keepalive of PeerA is not given",
    "because it has reported no Progress yet",
    expect.stringMatching(/^rule: after a Progress/),
    "changes with: a new Progress of it, and nothing that waits for it",
  ]);
  expect(await lines("/why peerb")).toContain("board: it was not asked yet; the next self-check asks");
  expect(await lines("/why foreman")).toContain("because none was chosen at start");
  expect((await lines("/why PeerA compact"))[1]).toContain("whether its CLI has a command for it is unknown");
  await expect(say("/why PeerA lunch")).rejects.toThrow(`${ANN} has no lunch`);
});

test("P77 /task answers from the plan, and wants a number behind --limit", async () => {
  expect((await lines("/task"))[0]).toContain("Blueprint");
  await expect(say("/task --limit many")).rejects.toThrow("--limit many is no number");
});

test("a message that a channel has named keeps its name, and repeated it is one", async () => {
  const call = { mid: "tg-1700000000-aabbcc" };
  await say("both: hello", call);
  await say("both: hello", call);
  expect(it.facts("message.queued").map(({ mid, to }) => [mid, to])).toEqual([
    ["tg-1700000000-aabbcc", ANN],
    ["tg-1700000000-aabbcc-1", BOB],
  ]);
});

test("a line to a team that is not there or has ended is refused", async () => {
  await expect(say("a: x", { team: "other" })).rejects.toThrow("no team other");
  it.dispatch({ do: "stop", team: "pair", reason: "x" });
  await expect(say("a: x")).rejects.toThrow("team pair has ended");
});

test("fault 10: every command of the table is carried out, by the daemon or where it is typed", async () => {
  const local = Object.entries(CONSOLE_COMMANDS).filter(([, command]) => "isLocal" in command && command.isLocal);
  for (const [name] of local) await expect(say(`/${name} peera`)).rejects.toThrow();
  const words: Record<string, string> = {
    ...{ restart: "peera", foreman: "status", aux: "x", reset: "clear", verbose: "on", filter: "status", echo: "on" },
    ...{ release: it.write(ANN, BOB, "ok"), why: ANN },
  };
  for (const name of Object.keys(CONSOLE_COMMANDS)) {
    if (local.some(([one]) => one === name)) continue;
    expect([name, (await lines(`/${name} ${words[name] ?? ""}`)).length > 0]).toEqual([name, true]);
  }
});
