import { expect, test } from "bun:test";
import { ANN, BOB, History } from "../../test/fakes/history.ts";
import type { Event, Fact } from "./facts.ts";
import { OVERTAKEN, sentence } from "./sentence.ts";

const history = new History();
history.hire(ANN, { seat: "PeerA", team: "pair" });
history.hire(BOB);
history.send(ANN, { mid: "m-1", from: BOB });

/** `tone who: text`. */
function said(fact: Fact): string {
  const { tone, who, text } = sentence({ ...fact, seq: 1, at: 0, by: "system" } as Event, history.state);
  return `${tone} ${who}: ${text}`;
}

const hire = { driver: "standin", cwd: "/r", permission: "read-only" } as const;
const step = { command: "npm test", code: 0, millis: 3120 };
const queued = { number: 1, size: 1, preview: "hi there ```insight\nwho: x", body: "" };

const LINES: [Fact, string][] = [
  [{ type: "daemon.started", pid: 1, version: "1.2" }, "quiet Muster: daemon 1.2 started"],
  [{ type: "agent.hired", hire: { agent: ANN, ...hire, seat: "PeerA" } }, "plain PeerA: hired: standin, read-only"],
  [{ type: "agent.hired", hire: { agent: BOB, ...hire } }, `plain ${BOB}: hired: standin, read-only`],
  [{ type: "agent.changed", agent: ANN, activity: "idle" }, "quiet PeerA: is idle"],
  [{ type: "agent.changed", agent: BOB, activity: "waiting", detail: "login" }, `warn ${BOB}: is waiting: login`],
  [{ type: "agent.changed", agent: ANN, activity: "limited" }, "warn PeerA: is limited"],
  [{ type: "agent.changed", agent: ANN, activity: "limited", detail: "rate_limit" }, "warn PeerA: is limited"],
  [{ type: "agent.dismissed", agent: ANN, reason: "enough" }, "plain PeerA: ended: enough"],
  [{ type: "terminal.opening", agent: ANN, incarnation: 1 }, "quiet PeerA: terminal opening"],
  [{ type: "terminal.opening", agent: ANN, incarnation: 2 }, "quiet PeerA: terminal opening (start 2)"],
  [
    { type: "terminal.opened", agent: ANN, incarnation: 1, pane: "%1", pid: 42, log: "x" },
    "quiet PeerA: terminal open, process 42",
  ],
  [{ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null }, "quiet PeerA: exited with code 0"],
  [{ type: "terminal.exited", agent: ANN, incarnation: 1, code: 3, signal: null }, "bad PeerA: exited with code 3"],
  [{ type: "terminal.exited", agent: ANN, incarnation: 1, code: null, signal: 9 }, "bad PeerA: ended by signal 9"],
  [
    { type: "terminal.exited", agent: ANN, incarnation: 1, code: null, signal: null },
    "bad PeerA: its terminal was closed",
  ],
  [{ type: "terminal.lost", agent: ANN, incarnation: 1, reason: "tmux died" }, "bad PeerA: lost: tmux died"],
  [{ type: "session.started", agent: ANN, session: "s-1" }, "quiet PeerA: session s-1"],
  [{ type: "usage.measured", agent: ANN, contextTokens: 12 }, "quiet PeerA: context 12 tokens"],
  [{ type: "hook.heard", agent: ANN, event: "Stop", row: 1 }, "quiet PeerA: Stop"],
  [{ type: "hook.heard", agent: ANN, event: "PreToolUse", tool: "Bash", row: 1 }, "quiet PeerA: PreToolUse Bash"],
  [{ type: "job.created", job: BOB, agent: BOB, mid: "m", prompt: "do it" }, `plain ${BOB}: job: do it`],
  [{ type: "job.finished", job: BOB, outcome: "completed", reason: "" }, `good ${BOB}: job completed`],
  [{ type: "job.finished", job: BOB, outcome: "failed", reason: "rc=1" }, `bad ${BOB}: job failed: rc=1`],
  [{ type: "turn.started", agent: ANN }, "quiet PeerA: works"],
  [{ type: "turn.ended", agent: ANN, outcome: "done", summary: "" }, "quiet PeerA: turn done"],
  [{ type: "turn.ended", agent: ANN, outcome: "failed", summary: "limit" }, "bad PeerA: turn failed: limit"],
  [
    { type: "permission.asked", agent: ANN, question: "q", tool: "Bash", input: "rm x" },
    "warn PeerA: asks to use Bash: rm x",
  ],
  [{ type: "permission.answered", agent: ANN, question: "q", choice: "allow" }, "plain PeerA: answered: allow"],
  [
    { type: "permission.answered", agent: ANN, question: "q", choice: "deny", reason: "not on main" },
    "plain PeerA: answered: deny (not on main)",
  ],
  [{ type: "permission.told", agent: ANN, question: "q", ok: true }, "quiet PeerA: the dialog got the answer"],
  [
    { type: "permission.told", agent: ANN, question: "q", ok: false },
    "quiet PeerA: nobody waited for the answer any more",
  ],
  [{ type: "control.requested", agent: ANN, control: "c", action: "clear" }, "quiet PeerA: clear requested"],
  [{ type: "control.finished", agent: ANN, control: "c", ok: true, reason: "" }, "quiet PeerA: control done"],
  [{ type: "control.finished", agent: ANN, control: "c", ok: false, reason: "busy" }, "warn PeerA: not done: busy"],
  [
    { type: "message.queued", mid: "m", from: "user", to: ANN, kind: "letter", ...queued },
    "plain you: → PeerA: hi there",
  ],
  [
    { type: "message.queued", mid: "m", from: "system", to: "user", kind: "system", ...queued },
    "quiet Muster: → you: hi there",
  ],
  [{ type: "message.stored", mid: "m-1", path: "/x" }, `quiet ${BOB} → PeerA: letter stored`],
  [{ type: "message.waiting", mid: "m-1", reason: "busy" }, `quiet ${BOB} → PeerA: waits: busy`],
  [{ type: "message.typing", mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 }, `quiet ${BOB} → PeerA: typed`],
  [
    { type: "message.typing", mid: "m-1", attempt: 2, incarnation: 1, nextAt: 0 },
    `warn ${BOB} → PeerA: typed again (2)`,
  ],
  [{ type: "message.delivered", mid: "m-1", evidence: "transcript" }, `quiet ${BOB} → PeerA: delivered (transcript)`],
  [{ type: "message.uncertain", mid: "m-1", reason: "no receipt" }, `warn ${BOB} → PeerA: uncertain: no receipt`],
  [{ type: "message.died", mid: "m-1", reason: "gone" }, `bad ${BOB} → PeerA: not delivered: gone`],
  [{ type: "message.died", mid: "m-1", reason: OVERTAKEN }, `quiet ${BOB} → PeerA: not delivered: ${OVERTAKEN}`],
  [{ type: "message.read", mid: "m-0" }, "quiet m-0: read"],
  [
    { type: "letter.refused", team: "pair", seat: "PeerB", file: "x", reason: "a FIFO" },
    "warn PeerB: letter x refused: a FIFO",
  ],
  [
    {
      ...{ type: "team.formed", team: "pair", topology: "pair", repo: "/r" },
      seats: ["PeerA", "PeerB"].map((seat) => ({ seat, agent: ANN, driver: "claude" })),
    },
    "plain pair: team formed: PeerA (claude), PeerB (claude)",
  ],
  [{ type: "team.stopped", team: "pair", reason: "done" }, "plain pair: team ended: done"],
  [
    {
      ...{ type: "patch.received", patch: "P-1", team: "pair", author: ANN, title: "mend", sha: "s", lines: 3 },
      ...{ paths: ["a", "b"], body: "" },
    },
    "plain P-1: patch by PeerA: mend, 3 lines, a b",
  ],
  [
    { type: "patch.stepped", patch: "P-1", step: { step: "test", ...step }, body: "" },
    "plain P-1: test (npm test): ok, 3.1 s",
  ],
  [
    { type: "patch.stepped", patch: "P-1", step: { step: "apply", ...step, command: "", code: 2 }, body: "" },
    "bad P-1: apply: failed, rc=2, 3.1 s",
  ],
  [
    { type: "patch.stepped", patch: "P-1", step: { step: "lint", ...step, code: null }, body: "" },
    "plain P-1: lint: nothing to run",
  ],
  [
    { type: "patch.refused", patch: "P-1", kind: "test-fail", reason: "rc=1", body: "" },
    "bad P-1: refused (test-fail): rc=1",
  ],
  [
    { type: "patch.committed", patch: "P-1", commit: "0123456789abcdef", branch: "main", steps: [] },
    "good P-1: committed 0123456789 on main",
  ],
  [
    { type: "evidence.cited", mid: "m-1", team: "pair", author: ANN, ref: "commit:x" },
    `quiet ${BOB} → PeerA: refers to commit:x`,
  ],
  [
    { type: "evidence.judged", mid: "m-1", ref: "commit:x", verdict: "verified", detail: "" },
    `good ${BOB} → PeerA: evidence commit:x: verified`,
  ],
  [
    { type: "evidence.judged", mid: "m-1", ref: "r", verdict: "claimed", detail: "" },
    `plain ${BOB} → PeerA: evidence r: claimed`,
  ],
  [
    { type: "evidence.judged", mid: "m-1", ref: "r", verdict: "refuted", detail: "no such line" },
    `bad ${BOB} → PeerA: evidence r: refuted (no such line)`,
  ],
  [{ type: "notice.raised", level: "info", text: "by the way" }, "plain Muster: by the way"],
  [{ type: "notice.raised", level: "warning", text: "look" }, "warn Muster: look"],
  [{ type: "notice.raised", level: "error", text: "help" }, "bad Muster: help"],
];

test("every fact is one sentence with its tone and whom it is about", () => {
  for (const [fact, line] of LINES) expect(said(fact)).toBe(line);
});

test("an end that was wished for is quiet", () => {
  const killed = new History();
  killed.hire(ANN);
  killed.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  const fact = { type: "terminal.exited", agent: ANN, incarnation: 1, code: 1, signal: null } as const;
  expect(sentence({ ...fact, seq: 1, at: 0, by: "system" }, killed.state).tone).toBe("quiet");
});

test("a fact of a later version is named, quietly; hostile text is made visible and cut", () => {
  expect(said({ type: "bridge.opened", team: "pair" } as never)).toBe("quiet pair: bridge.opened");
  const { text } = sentence(
    { type: "notice.raised", level: "info", text: `\x1b[31m\n${"x".repeat(500)}`, seq: 1, at: 0, by: "system" },
    history.state,
  );
  expect(text).toStartWith("\ufffd[31m x");
  expect(text).toHaveLength(400);
  expect(said({ type: "team.stopped", team: "t".repeat(60), reason: "" })).toStartWith(`plain ${"t".repeat(39)}…: `);
});
