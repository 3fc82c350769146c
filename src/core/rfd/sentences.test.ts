import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Observation } from "../commands.ts";
import type { Event } from "../facts.ts";
import { sentence } from "../sentence.ts";

function pair(): History {
  const history = new History();
  const seats = [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "standin" },
  ];
  const hires = seats.map(({ seat, agent }) => hireOf(agent, { team: "pair", seat }));
  history.dispatch({ do: "form", team: "pair", topology: "pair", repo: "/r", seats, hires, letters: [] });
  return history;
}

/** `tone who: text` of a fact that a pair's history takes. */
function said(history: History, fact: Observation | Event): string {
  const event = { seq: 1, at: history.at, by: "system", ...fact } as Event;
  const { tone, who, text } = sentence(event, history.state);
  return `${tone} ${who}: ${text}`;
}

const card = {
  type: "rfd.opened",
  rfd: "rfd-1",
  team: "pair",
  kind: "msg",
  author: ANN,
  title: "T",
  tasks: [] as string[],
} as const;

test("P50 what happens to a request for decision is said in one line each", () => {
  const history = pair();
  expect(said(history, card)).toBe("warn rfd-1: a decision is asked for: T");
  expect(said(history, { ...card, patch: "P-0001" })).toBe("warn rfd-1: a decision is asked for on P-0001: T");
  history.observe(card);
  const signed = { type: "rfd.signed", rfd: "rfd-1", signer: BOB, decision: "approve" } as const;
  expect(said(history, { ...signed, reason: "it is right" } as never)).toBe(
    "plain rfd-1: PeerB signs: approve (it is right)",
  );
  expect(said(history, { ...signed, signer: "user", reason: "" } as never)).toBe("plain rfd-1: you sign: approve");
  expect(said(history, { type: "rfd.questioned", rfd: "rfd-1", asker: "user" } as never)).toBe(
    "plain rfd-1: you want to know more",
  );
  const decided = { type: "rfd.decided", rfd: "rfd-1", decider: BOB } as const;
  expect(said(history, { ...decided, decision: "approve" })).toBe("good rfd-1: approved by PeerB");
  expect(said(history, { ...decided, decision: "reject", decider: "user" })).toBe("bad rfd-1: rejected by you");
  expect(said(history, { ...decided, decision: "expired" })).toBe("warn rfd-1: expired undecided");
  history.observe({ ...decided, decision: "reject" });
  // A decided one is never asked for again: its opening reads as it did.
  expect(said(history, card)).toBe("warn rfd-1: a decision is asked for: T");
});

test("P51 a claim of files, and P52 changes past the patch line, name at most five", () => {
  const history = pair();
  const lock = { type: "lock.taken", team: "pair", agent: ANN, mid: "m", ttlMs: 1 } as const;
  expect(said(history, { ...lock, files: ["a", "b"] })).toBe("quiet PeerA: works on a b");
  expect(said(history, { ...lock, files: ["a", "b", "c", "d", "e"] })).toBe("quiet PeerA: works on a b c d e");
  expect(said(history, { ...lock, files: ["a", "b", "c", "d", "e", "f", "g"] })).toBe(
    "quiet PeerA: works on a b c d e and 2 more",
  );
  const tree = { type: "tree.seen", team: "pair", head: "h", unqueued: [], commits: [] } as const;
  expect(said(history, tree as never)).toBe("quiet pair: every change came through a patch");
  expect(said(history, { ...tree, unqueued: [{ path: "a" }, { path: "b", agent: ANN }] } as never)).toBe(
    "plain pair: changed without a patch: a b",
  );
  expect(said(history, { ...tree, commits: [{ id: "0123456789abcdef", subject: "s" }] } as never)).toBe(
    "plain pair: commits past the patch line: 0123456789",
  );
  const both = { ...tree, unqueued: [{ path: "a" }], commits: [{ id: "0123456789abcdef", subject: "s" }] };
  expect(said(history, both as never)).toBe(
    "plain pair: commits past the patch line: 0123456789; changed without a patch: a",
  );
});

test("P54 the beats of a team are said, quietly", () => {
  const history = pair();
  const beat = (beat: string) => said(history, { type: "cadence.sent", team: "pair", agent: ANN, beat } as never);
  expect(["keepalive", "self-check", "refresh", "board", "nudge", "compact", "clear"].map(beat)).toEqual([
    "quiet PeerA: told to go on",
    "quiet PeerA: self-check",
    "quiet PeerA: rules and project repeated",
    "quiet PeerA: asked to look after the board",
    "quiet PeerA: reminded of its inbox",
    "quiet PeerA: told to compact its context",
    "quiet PeerA: told to clear its context",
  ]);
  expect(said(history, { type: "cadence.asked", team: "pair", agent: BOB, beat: "refresh" })).toBe(
    "quiet PeerB: refresh asked for",
  );
  const skipped = { type: "cadence.skipped", team: "pair", agent: ANN, beat: "compact", reason: "it is busy" } as const;
  expect(said(history, skipped)).toBe("quiet PeerA: compact not given: it is busy");
  expect(said(history, { type: "handoff.counted", team: "pair", from: ANN, to: BOB, mid: "m" })).toBe(
    "quiet PeerA: handoff to PeerB",
  );
  const parsed = { type: "letter.parsed", mid: "m", team: "pair", author: ANN, print: "", gist: "" } as const;
  const line = { text: "", attributes: {}, refs: [] };
  const events = [
    { kind: "Progress", ...line },
    { kind: "Next", ...line },
    { kind: "Progress", ...line },
  ];
  expect(said(history, { ...parsed, events } as never)).toBe("quiet PeerA: letter with Progress, Next");
  expect(said(history, { ...parsed, events: [] })).toBe("quiet PeerA: letter without event lines");
});

test("what holds, gives back, restores and pauses is said", () => {
  const history = pair();
  history.send(BOB, { mid: "m-1", from: ANN });
  const of = (fact: object) => said(history, { mid: "m-1", ...fact } as never);
  expect(of({ type: "message.held", rule: "redundant", reason: "r" })).toBe("warn PeerA → PeerB: held (redundant): r");
  expect(of({ type: "message.released" })).toBe("quiet PeerA → PeerB: released");
  expect(of({ type: "message.nacked", reason: "half" })).toBe("warn PeerA → PeerB: given back by its reader: half");
  expect(of({ type: "message.restored" })).toBe("quiet PeerA → PeerB: lies in the inbox again");
  expect(of({ type: "message.answered", answer: "m-2" })).toBe("quiet PeerA → PeerB: answered by m-2");
  const team = (fact: object) => said(history, { team: "pair", ...fact } as never);
  expect(team({ type: "team.paused" })).toBe("warn pair: paused: letters gather in the inboxes");
  expect(team({ type: "team.resumed" })).toBe("plain pair: resumed");
  expect(team({ type: "team.tuned", switch: "filter", isOn: false })).toBe("plain pair: filter is off");
  expect(team({ type: "team.tuned", switch: "echo", isOn: true })).toBe("plain pair: echo is on");
  expect(team({ type: "team.focused", hint: "x" })).toBe("plain pair: focus: x");
  expect(team({ type: "team.focused", hint: "" })).toBe("plain pair: the board is to be looked after");
  expect(team({ type: "settings.loaded", warnings: [] })).toBe("quiet pair: settings read");
  expect(team({ type: "settings.loaded", warnings: ["a", "b"] })).toBe("warn pair: settings: a; b");
  expect(team({ type: "settings.refused", errors: ["a", "b"] })).toBe("bad pair: settings stay as they were: a; b");
  expect(team({ type: "letter.found", seat: "PeerA", file: "x" })).toBe("plain PeerA: a file lies in its inbox: x");
  const patch = (fact: object) => said(history, { patch: "P-0001", ...fact } as never);
  expect(patch({ type: "patch.waiting", reason: "locked" })).toBe("quiet P-0001: waits: locked");
  expect(patch({ type: "patch.reopened", rfd: "rfd-1" })).toBe("plain P-0001: taken up again: rfd-1 was approved");
  const agent = (fact: object) => said(history, { agent: ANN, ...fact } as never);
  expect(agent({ type: "agent.abandoned" })).toBe("bad PeerA: crashed too often: it waits for you");
  expect(agent({ type: "agent.restarted" })).toBe("plain PeerA: started again on request");
  expect(agent({ type: "session.compacted" })).toBe("quiet PeerA: its context is compacted");
});
