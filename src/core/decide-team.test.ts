import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import type { Command } from "./commands.ts";
import { missingSignatures } from "./decide-team.ts";
import { DAEMON, PERSON, type Principal } from "./ids.ts";

let it: History;
beforeEach(() => {
  it = new History();
  form();
});

function form(isSolo = false, team = "pair"): void {
  const seats = (isSolo ? [ANN] : [ANN, BOB]).map((agent, n) => ({ seat: `Peer${"AB"[n]}`, agent, driver: "standin" }));
  it.fold([
    { type: "team.formed", team, topology: isSolo ? "solo" : "pair", repo: "/r", seats },
    ...seats.map(({ seat, agent }) => ({ type: "agent.hired", hire: hireOf(agent, { team, seat }) }) as const),
  ]);
}

const by = (agent: string): Principal => ({ kind: "agent", agent });
const stop = (team: string) => it.fold([{ type: "team.stopped", team, reason: "enough" }]);

function refusal(command: Command, principal: Principal = PERSON): unknown[] {
  try {
    it.dispatch(command, principal);
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

test("a team that is not there is refused with those that run, one that has ended with the way to start it", () => {
  const pause = (team: string): Command => ({ do: "pause", team });
  it.fold([{ type: "team.formed", team: "other", topology: "solo", repo: "/o", seats: [] }]);
  expect(refusal(pause("none"))).toEqual(["missing", "no team none", "teams: pair, other"]);
  stop("other");
  expect(refusal(pause("none"))[2]).toBe("teams: pair");
  expect(refusal(pause("other"))).toEqual(["state", "team other has ended", "muster run starts it again"]);
  stop("pair");
  expect(refusal(pause("none"))[2]).toBe("muster run starts one");
});

test("P35 a team is paused once and goes on once", () => {
  const pause: Command = { do: "pause", team: "pair" };
  const resume: Command = { do: "resume", team: "pair" };
  expect([it.dispatch(resume), it.dispatch(pause), it.dispatch(pause)]).toEqual([[], ["team.paused"], []]);
  expect([it.dispatch(resume), it.dispatch(resume)]).toEqual([["team.resumed"], []]);
});

test("P33 what was held for want of evidence goes on with its team, other holds stay", () => {
  const held = (mid: string, rule: "damping" | "redundant", team = "pair") => {
    it.send(BOB, { mid, team });
    it.message(mid).held = { rule, reason: "x" };
  };
  held("m-1", "damping");
  held("m-2", "redundant");
  held("m-3", "damping", "other");
  held("m-4", "damping");
  it.observe({ type: "message.died", mid: "m-4", reason: "x" });
  expect(it.dispatch({ do: "resume", team: "pair" })).toEqual(["team.resumed", "message.released"]);
  expect(it.events.at(-1)).toMatchObject({ mid: "m-1" });
});

test("P62 only members of teams that work are started again, once at a time", () => {
  const restart = (agent: string): Command => ({ do: "restart", agent, changes: { model: "opus" } });
  it.hire("c0000003");
  expect(refusal(restart("d0000004"))).toEqual(["missing", "no agent d0000004 works", "muster status lists them"]);
  expect(refusal(restart("c0000003"))).toEqual([
    ...["state", "agent c0000003 is in no team", "only members of teams are started again"],
  ]);
  expect([it.dispatch(restart(ANN)), it.dispatch(restart(ANN))]).toEqual([["agent.restarted"], []]);
  it.fold([{ type: "agent.dismissed", agent: BOB, reason: "x" }]);
  expect(refusal(restart(BOB))[1]).toBe(`no agent ${BOB} works`);
});

test("P39 P90 a switch of a team is set once", () => {
  const tune = (isOn: boolean): Command => ({ do: "tune", team: "pair", switch: "verbose", isOn });
  expect([it.dispatch(tune(true)), it.dispatch(tune(true)), it.dispatch(tune(false))]).toEqual([
    ...[["team.tuned"], [], ["team.tuned"]],
  ]);
});

test("P72 P56 a hint for the board and a beat are for a team that is there", () => {
  expect(it.dispatch({ do: "focus", team: "pair", hint: "speed" })).toEqual(["team.focused"]);
  expect(it.dispatch({ do: "ask", team: "pair", agent: ANN, beat: "refresh" })).toEqual(["cadence.asked"]);
  expect(it.events.slice(-2)).toMatchObject([{ hint: "speed" }, { team: "pair", agent: ANN, beat: "refresh" }]);
  expect(refusal({ do: "focus", team: "none", hint: "" })[0]).toBe("missing");
  expect(refusal({ do: "ask", team: "none", agent: ANN, beat: "refresh" })[0]).toBe("missing");
});

test("P31 only a letter that is held and open is let go", () => {
  const release: Command = { do: "release", mid: "m-1" };
  expect(refusal(release)).toEqual(["missing", "no message m-1", "/queue lists what is held"]);
  it.send(BOB, { mid: "m-1" });
  const free = (is: string) => ["state", `message m-1 is not held (${is})`, "muster why m-1"];
  expect(refusal(release)).toEqual(free("queued"));
  it.message("m-1").held = { rule: "redundant", reason: "x" };
  expect(it.dispatch(release)).toEqual(["message.released"]);
  it.message("m-1").held = { rule: "redundant", reason: "x" };
  it.observe({ type: "message.died", mid: "m-1", reason: "x" });
  expect(refusal(release)).toEqual(free("dead"));
});

function open(rfd: string, more: { patch?: string; sha?: string; team?: string } = {}): void {
  it.observe({ type: "rfd.opened", rfd, team: "pair", kind: "large", author: ANN, title: "T", tasks: [], ...more });
}

const sign = (rfd: string, more: object = {}): Command => ({ do: "sign", rfd, decision: "approve", ...more });
const missing = (rfd = "r-1") => {
  const card = it.state.rfds[rfd];
  return card ? missingSignatures(it.state, card) : null;
};

test("P50 a request is decided by the last signature that is needed: of each peer, and of the user", () => {
  open("r-1");
  expect(missing()).toEqual([ANN, BOB, "user"]);
  expect(it.dispatch(sign("r-1"), by(ANN))).toEqual(["rfd.signed"]);
  expect(it.dispatch(sign("r-1", { channel: "cli", reason: "good" }))).toEqual(["rfd.signed"]);
  expect([missing(), it.events.at(-1)]).toMatchObject([[BOB], { signer: "user", reason: "good", channel: "cli" }]);
  expect(it.dispatch(sign("r-1"), by(BOB))).toEqual(["rfd.signed", "rfd.decided"]);
  expect(it.state.rfds["r-1"]?.decided).toMatchObject({ decision: "approve", by: BOB });
});

test("P50 where the user's word is not needed the peers' is enough; one who works alone needs it always", () => {
  const changes = { policies: { rfd: { user_approval: false } } };
  it.observe({ type: "settings.loaded", team: "pair", hash: "h", changes, warnings: [] });
  open("r-1");
  expect(missing()).toEqual([ANN, BOB]);
  it.dispatch(sign("r-1"), by(ANN));
  expect(it.dispatch(sign("r-1"), by(BOB))).toEqual(["rfd.signed", "rfd.decided"]);
  form(true, "alone");
  it.observe({ type: "settings.loaded", team: "alone", hash: "h", changes, warnings: [] });
  open("r-2", { team: "alone" });
  expect(missing("r-2")).toEqual([ANN, "user"]);
});

test("P50 any rejection decides, and nothing is signed after that", () => {
  open("r-1");
  expect(it.dispatch(sign("r-1", { decision: "reject" }), by(BOB))).toEqual(["rfd.signed", "rfd.decided"]);
  const { at = 0 } = it.state.rfds["r-1"]?.decided ?? {};
  const over = `r-1: already decided by PeerB at ${new Date(at).toISOString()} (reject)`;
  expect(refusal(sign("r-1"))).toEqual(["state", over, "open a new one"]);
  expect(refusal({ do: "question", rfd: "r-1" })).toEqual(["state", over, "open a new one"]);
  open("r-2");
  it.observe({ type: "rfd.decided", rfd: "r-2", decision: "expired", decider: "system" });
  expect(refusal(sign("r-2"))[1]).toMatch(/^r-2: expired at .* \(expired\)$/);
});

test("P50 a request that is not there is refused with those that are open", () => {
  expect(refusal(sign("r-9"))).toEqual(["missing", "no request r-9", "open: none"]);
  for (const id of ["r-1", "r-2", "r-3"]) open(id);
  it.dispatch(sign("r-2", { decision: "reject" }));
  expect(refusal(sign("r-9"))[2]).toBe("open: r-1, r-3");
});

test("P50 nobody signs twice, what it is not about, or another team's", () => {
  open("r-1", { patch: "P-1", sha: "abcdef0123456789" });
  expect(refusal(sign("r-1", { sha: "bcd" }))).toEqual([
    ...["state", "rfd-invalid: r-1 is about patch abcdef01, not bcd", "sign what it is about"],
  ]);
  expect(it.dispatch(sign("r-1", { sha: "abcd" }))).toEqual(["rfd.signed"]);
  expect(refusal(sign("r-1"))).toEqual(["state", "rfd-invalid: user has signed r-1 before", "one signature each"]);
  open("r-2");
  expect(refusal(sign("r-2", { sha: "abc" }))[1]).toBe("rfd-invalid: r-2 is about patch none, not abc");
  expect(refusal(sign("r-2", { agent: "c0000003" }), DAEMON)).toEqual([
    ...["forbidden", "rfd-invalid: r-2 is another team's", "sign your own team's requests"],
  ]);
  it.dispatch(sign("r-2", { agent: ANN }), DAEMON);
  expect(it.events.at(-1)).toMatchObject({ type: "rfd.signed", signer: ANN, reason: "" });
});

test("P50 who asks for more is written down with the channel, and the card stays open", () => {
  open("r-1");
  expect(it.dispatch({ do: "question", rfd: "r-1", channel: "web" })).toEqual(["rfd.questioned"]);
  expect(it.events.at(-1)).toMatchObject({ asker: "user", channel: "web" });
  expect(it.state.rfds["r-1"]?.decided).toBeUndefined();
});
