import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { ConsoleReply } from "../../core/api.ts";
import type { ConsoleRight } from "../../core/console-line.ts";
import { patchRules } from "../evidence/rules.ts";
import { rfdRules } from "../rfd/rules.ts";
import { Console, type ConsoleCall } from "./console.ts";

const ALL: ConsoleRight[] = ["read", "talk", "operate", "approve"];
let it: PairHouse;
let console_: Console;

beforeEach(() => {
  it = new PairHouse({ rules: [...rfdRules, ...patchRules] });
  console_ = new Console({
    engine: it.engine,
    clock: it.clock,
    random: { hex: () => "00aa11" },
    errands: { foreman: async () => [], aux: async () => [], review: async () => [] },
    timeOfDay: String,
    type: async () => {},
    bindings: async () => ({}),
  });
});
afterEach(() => it.end());

const say = (line: string, more: Partial<ConsoleCall> = {}): Promise<ConsoleReply> =>
  console_.execute({ team: "pair", line, channel: "tui", rights: ALL, ...more });
const refused = (line: string, more: Partial<ConsoleCall> = {}) =>
  say(line, more).then(
    () => "accepted",
    ({ code, message, hint }) => `${code}: ${message}; ${hint}`,
  );

test("P81 what is refused says by which word, and what to do", async () => {
  expect(await refused("a: x", { rights: ["read"] })).toBe("forbidden: needs right talk; ask the owner for it");
  expect(await refused("/paste")).toBe("usage: /paste is carried out where it is typed; use the console");
  expect(await refused("/task --limit")).toBe("usage: --limit  is no number; /task --limit 5");
  expect(await refused("/task --limit -1")).toBe("usage: --limit -1 is no number; /task --limit 5");
  expect(await refused("/task --limit 1.5")).toBe("usage: --limit 1.5 is no number; /task --limit 5");
  expect(await refused("/why nothing-there")).toBe(
    "missing: nothing is called nothing-there; an id of a message, patch, agent, job or team",
  );
});

test("P77 a limit may stand before or behind the task that is asked for", async () => {
  for (const line of ["/task T001", "/task T001 --limit 2", "/task --limit 2 T001", "/task --limit 0 T001"])
    expect([line, await refused(line)]).toEqual([line, "missing: no task T001; there is no plan yet"]);
  expect((await say("/task --limit 0")).lines).toEqual((await say("/task")).lines);
  expect((await say("/task done --limit 1")).tone).toBe("plain");
});

test("P31 held letters of another team are not counted", async () => {
  it.write(ANN, BOB, "hi", { mid: "m-1", team: "other" });
  it.observe({ type: "message.held", mid: "m-1", rule: "redundant", reason: "r" });
  expect(it.message("m-1").held).toBeDefined();
  expect((await say("/filter status")).lines).toEqual(["the filter is on; 0 held"]);
});

test("P50 the last of those who must sign decides", async () => {
  it.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Drop [it]\nid: rfd-msg-1");
  it.write(ANN, BOB, "type: CLAIM\nintent: rfd\ntitle: Keep it\nid: rfd-msg-10");
  it.dispatch({ do: "sign", rfd: "rfd-msg-1", decision: "approve" }, { kind: "agent", agent: ANN });
  expect((await say("/rfd rfd-msg-1 approve")).lines).toEqual(["rfd-msg-1: signed; waits for PeerB"]);
  it.dispatch({ do: "sign", rfd: "rfd-msg-10", decision: "approve" }, { kind: "agent", agent: ANN });
  it.dispatch({ do: "sign", rfd: "rfd-msg-10", decision: "approve" }, { kind: "agent", agent: BOB });
  expect((await say("/rfd rfd-msg-10 approve")).lines).toEqual(["rfd-msg-10: approved"]);
  expect((await say("/rfd")).lines).toEqual(["rfd-msg-1  Drop [it]  [waits for PeerB]"]);
});

test("a seat's name means who sits there, whatever others are called", async () => {
  it.dispatch({
    do: "start",
    hire: { agent: "c0000003", driver: "standin", cwd: "/r", permission: "read-only", seat: "PeerA" },
  });
  for (const name of ["PeerA", "peera", "PEERA"])
    expect([name, (await say(`/why ${name}`)).lines[0]]).toEqual([name, `PeerA (${ANN}) is idle`]);
});

test("a message's own id means it, though it begins another's", async () => {
  it.write(ANN, BOB, "ok", { mid: "mast-1" });
  it.write(ANN, BOB, "well then", { mid: "mast-10" });
  expect((await say("/why mast-1")).lines[0]).toBe("message mast-1 is queued");
  it.write(ANN, BOB, "well then again", { mid: "mast-11" });
  expect(await refused("/why mas1")).toBe(
    "missing: nothing is called mas1; an id of a message, patch, agent, job or team",
  );
});
