import type { Fact, FactType } from "../../src/core/facts.ts";
import { ARMY_FACTS } from "./army-facts.ts";
import { ANN, BOB, hireOf } from "./history.ts";

const chat = { repo: "/r", platform: "telegram", chat: "42" } as const;
const por = { path: "docs/por/POR.md", updatedAt: 5, lint: ["missing: x"] };
const sheet = { ...por, id: "T000001", title: "Cache", owner: "peerB", stage: "proposed" };
const plan = {
  id: "T001",
  name: "Cache",
  goal: "g",
  status: "planned" as const,
  steps: [],
  path: "docs/por/T001/task.yaml",
};
const mark = { author: ANN, letter: "m-1", n: 0 };
const body = "the whole text";
const queued = { from: ANN, to: BOB, number: 1, size: 2, preview: "hello", body };
const step = { step: "test" as const, command: "bun test", code: 0, millis: 1500 };

/** Facts of every type, in the forms in which they are told differently; `a0000001` is PeerA of the team `pair`. */
export const EVERY_FACT: { [T in FactType]: Omit<Extract<Fact, { type: T }>, "type">[] } = {
  ...ARMY_FACTS,
  "daemon.started": [{ pid: 1, version: "1.2.3" }],
  "agent.hired": [{ hire: hireOf(ANN, { team: "pair", seat: "PeerA" }) }, { hire: hireOf("c0000003") }],
  "agent.changed": [
    { agent: ANN, activity: "idle" },
    { agent: ANN, activity: "waiting", detail: "login" },
    { agent: ANN, activity: "limited" },
  ],
  "agent.restarted": [{ agent: ANN, changes: { model: "opus" } }],
  "agent.abandoned": [{ agent: ANN, incarnation: 4 }],
  "agent.dismissed": [{ agent: ANN, reason: "enough" }],
  "agent.discarded": [{ agent: ANN }],
  "agent.removed": [{ agent: ANN }],
  "terminal.opening": [
    { agent: ANN, incarnation: 1 },
    { agent: ANN, incarnation: 2 },
  ],
  "terminal.opened": [
    { agent: ANN, incarnation: 1, pane: "%1", pid: 7, log: "x" },
    { agent: ANN, incarnation: 2, pane: "%1", pid: 7, log: "x" },
  ],
  "terminal.exited": [
    { agent: ANN, incarnation: 1, code: 0, signal: null },
    { agent: ANN, incarnation: 1, code: 3, signal: null },
    { agent: ANN, incarnation: 1, code: null, signal: 9 },
    { agent: ANN, incarnation: 1, code: null, signal: null },
  ],
  "terminal.lost": [{ agent: ANN, incarnation: 1, reason: "tmux died" }],
  "terminal.captured": [{ agent: ANN, incarnation: 1, body }],
  "session.started": [{ agent: ANN, session: "s-1" }],
  "session.compacted": [{ agent: ANN }],
  "usage.measured": [{ agent: ANN, contextTokens: 12 }],
  "hook.heard": [
    { agent: ANN, event: "Stop", row: 1 },
    { agent: ANN, event: "PreToolUse", tool: "Bash", row: 2 },
  ],
  "hook.failed": [{ agent: ANN, incarnation: 1, reason: "it is missing" }],
  "job.created": [{ job: ANN, agent: ANN, mid: "m-1", prompt: "do it" }],
  "job.finished": [
    { job: ANN, outcome: "completed", reason: "" },
    { job: ANN, outcome: "failed", reason: "exit code 3" },
    { job: ANN, outcome: "lost", reason: "" },
  ],
  "job.warned": [{ job: ANN, agent: ANN, spent: 0.8 }],
  "job.overspent": [{ job: ANN, agent: ANN, spent: 1.2 }],
  "job.stalled": [{ job: ANN, agent: ANN, minutes: 60, body }],
  "job.stirred": [{ job: ANN, agent: ANN }],
  "turn.started": [{ agent: ANN }],
  "turn.ended": [
    { agent: ANN, outcome: "done", summary: "" },
    { agent: ANN, outcome: "failed", summary: "rate" },
    { agent: ANN, outcome: "limited", summary: "resets 3pm" },
  ],
  "permission.asked": [{ agent: ANN, question: "q", tool: "Bash", input: "rm x" }],
  "permission.answered": [
    { agent: ANN, question: "q", choice: "allow" },
    { agent: ANN, question: "q", choice: "deny", reason: "no" },
    { agent: ANN, question: "q", choice: "withdrawn" },
  ],
  "dialog.pressed": [{ agent: ANN, pressed: "2", label: "No" }],
  "permission.told": [
    { agent: ANN, question: "q", ok: true },
    { agent: ANN, question: "q", ok: false },
  ],
  "control.requested": [{ agent: ANN, control: "c", action: "clear" }],
  "control.typed": [{ agent: ANN, control: "c" }],
  "control.finished": [
    { agent: ANN, control: "c", ok: true, reason: "", action: "compact" },
    { agent: ANN, control: "c", ok: false, reason: "busy" },
  ],
  "message.queued": [
    { mid: "m-1", kind: "letter", ...queued },
    { mid: "m-1", kind: "nudge", ...queued },
    { mid: "m-1", kind: "system", ...queued, from: "system", to: "user" },
  ],
  "message.stored": [{ mid: "m-1", path: "/inbox/1" }],
  "message.waiting": [{ mid: "m-1", reason: "busy" }],
  "message.typing": [
    { mid: "m-1", attempt: 1, incarnation: 1, nextAt: 0 },
    { mid: "m-1", attempt: 2, incarnation: 1, nextAt: 0 },
  ],
  "message.delivered": [{ mid: "m-1", evidence: "transcript" }],
  "message.uncertain": [{ mid: "m-1", reason: "typed twice" }],
  "message.died": [{ mid: "m-1", reason: "too old" }],
  "message.read": [{ mid: "m-1" }],
  "message.nacked": [{ mid: "m-1", reason: "unclear" }],
  "message.restored": [{ mid: "m-1" }],
  "message.answered": [{ mid: "m-1", answer: "m-2" }],
  "message.held": [
    { mid: "m-1", rule: "low-signal", reason: "ok" },
    { mid: "m-1", rule: "duplicate", reason: "again" },
  ],
  "message.released": [{ mid: "m-1" }],
  "letter.refused": [{ team: "pair", seat: "PeerA", file: "x.md", reason: "empty" }],
  "letter.found": [{ team: "pair", seat: "PeerA", file: "x.md" }],
  "letter.parsed": [
    {
      ...{ mid: "m-1", team: "pair", author: ANN, print: "p", gist: "g" },
      events: [{ kind: "Progress", text: "done half", attributes: { pct: "50" }, refs: ["commit:abc1234"] }],
    },
  ],
  "handoff.counted": [
    { team: "pair", from: ANN, to: BOB, mid: "m-1" },
    { team: "pair", from: ANN, to: "system", mid: "m-1" },
  ],
  "team.formed": [
    { team: "pair", topology: "pair", repo: "/r", seats: [{ seat: "PeerA", agent: ANN, driver: "standin" }] },
  ],
  "team.stopped": [{ team: "pair", reason: "enough" }],
  "team.paused": [{ team: "pair" }],
  "team.resumed": [{ team: "pair" }],
  "team.tuned": [
    { team: "pair", switch: "filter", isOn: true },
    { team: "pair", switch: "echo", isOn: false },
  ],
  "team.focused": [{ team: "pair", hint: "the cache" }],
  "settings.loaded": [
    { team: "pair", hash: "h", changes: {}, warnings: [] },
    { team: "pair", hash: "h", changes: {}, warnings: ["odd key"] },
  ],
  "settings.refused": [{ team: "pair", hash: "h", errors: ["policies.yaml:3:1: no"] }],
  "patch.received": [
    { patch: "P-0001", team: "pair", author: ANN, title: "Fix", sha: "s", lines: 3, paths: ["a.ts"], body },
  ],
  "patch.waiting": [{ patch: "P-0001", reason: "locked" }],
  "patch.reopened": [{ patch: "P-0001", rfd: "R-1" }],
  "patch.stepped": [
    { patch: "P-0001", step, body },
    { patch: "P-0001", step: { ...step, code: 1 }, body },
    { patch: "P-0001", step: { ...step, command: "", code: null }, body },
  ],
  "patch.refused": [{ patch: "P-0001", kind: "test-fail", reason: "1 failed", body }],
  "patch.committed": [{ patch: "P-0001", commit: "abc1234", branch: "main", steps: [step] }],
  "evidence.cited": [{ mid: "m-1", team: "pair", author: ANN, ref: "commit:abc1234" }],
  "evidence.judged": [
    { mid: "m-1", ref: "commit:abc1234", verdict: "verified", detail: "" },
    { mid: "m-1", ref: "commit:abc1234", verdict: "refuted", detail: "no such commit" },
    { mid: "m-1", ref: "cmd:x::OK", verdict: "claimed", detail: "not run" },
  ],
  "evidence.validated": [
    { repo: "/r", title: "Smoke", kind: "test", isPassed: true, log: "x.log", checks: [] },
    { repo: "/r", title: "Smoke", kind: "test", isPassed: false, log: "x.log", checks: [] },
  ],
  "repository.reviewed": [{ repo: "/r", hash: "h", files: [".mcp.json"] }],
  "repository.trusted": [{ repo: "/r", hash: "h" }],
  "repository.permitted": [{ repo: "/r" }],
  "notice.read": [{ upTo: 3, ids: [5] }],
  "notice.raised": [
    { level: "info", text: "so" },
    { level: "warning", text: "hm", about: ANN },
    { level: "error", text: "no" },
  ],
  "cadence.asked": [{ team: "pair", agent: ANN, beat: "refresh" }],
  "cadence.sent": (["keepalive", "self-check", "refresh", "board", "nudge", "compact", "clear", "idle"] as const).map(
    (beat) => ({ team: "pair", agent: ANN, beat }),
  ),
  "cadence.skipped": (["keepalive", "compact", "nudge"] as const).map((beat) => ({
    ...{ team: "pair", agent: ANN, beat, reason: "paused" },
  })),
  "errand.asked": [
    { errand: "E-1", team: "pair", role: "aux", asker: ANN, preview: "look", body },
    { errand: "E-2", team: "pair", role: "foreman", asker: "system", preview: "look", body },
  ],
  "errand.started": [{ errand: "E-1", team: "pair", folder: "/r/x" }],
  "errand.ended": [
    { errand: "E-1", team: "pair", code: 0, reason: "", preview: "fine", body },
    { errand: "E-1", team: "pair", code: null, reason: "timeout", preview: "", body },
    { errand: "E-1", team: "pair", code: 2, reason: "", preview: "bad", body },
  ],
  "errand.refused": [{ team: "pair", role: "aux", asker: ANN, reason: "one runs" }],
  "foreman.skipped": [
    { team: "pair", due: 1, reason: "paused", isWaiting: true },
    { team: "pair", due: 1, reason: "no brief", isWaiting: false },
  ],
  "foreman.spoke": [{ team: "pair", errand: "E-2", to: [ANN, BOB], isCc: true, mids: ["m-1"], preview: "go" }],
  "foreman.misspoke": [{ team: "pair", errand: "E-2", reason: "no recipient" }],
  "rfd.opened": [
    { rfd: "R-1", team: "pair", kind: "large", author: ANN, title: "Big", tasks: [], patch: "P-0001", sha: "s" },
    { rfd: "R-2", team: "pair", kind: "msg", author: ANN, title: "Ask", tasks: ["T001"] },
  ],
  "rfd.signed": [
    { rfd: "R-1", signer: ANN, decision: "approve", reason: "" },
    { rfd: "R-1", signer: "user", decision: "reject", reason: "too big", channel: "cli" },
  ],
  "rfd.questioned": [{ rfd: "R-1", asker: "user" }],
  "rfd.decided": (["approve", "reject", "expired"] as const).map((decision) => ({
    rfd: "R-1",
    decision,
    decider: ANN,
  })),
  "lock.taken": [{ team: "pair", agent: ANN, files: ["a", "b", "c", "d", "e", "f"], mid: "m-1", ttlMs: 1000 }],
  "tree.seen": [
    { team: "pair", head: "abc", unqueued: [], commits: [] },
    { team: "pair", head: "abc", unqueued: [{ path: "a.ts", agent: ANN }], commits: [{ id: "abc", subject: "x" }] },
  ],
  "board.seen": [{ team: "pair", por }, { team: "pair" }],
  "board.broken": [{ team: "pair", path: "x.yaml", error: "3:1 no" }],
  "board.mended": [{ team: "pair", path: "x.yaml" }],
  "subpor.seen": [
    { team: "pair", sheet },
    { team: "pair", sheet, isNew: true },
    { team: "pair", sheet, isNew: true, isAgreed: true },
  ],
  "subpor.gone": [{ team: "pair", id: "T000001" }],
  "subpor.opened": [{ repo: "/r", id: "T000001", title: "Cache", owner: "peerB", path: "x" }],
  "subpor.acked": [{ team: "pair", letter: "m-1" }],
  "task.seen": [
    { team: "pair", task: plan },
    { team: "pair", task: plan, isNew: true },
  ],
  "task.gone": [{ team: "pair", id: "T001" }],
  "task.marked": [{ team: "pair", ...mark, text: "progress: T001 start", task: "T001", action: "start" }],
  "task.moved": [
    { team: "pair", ...mark, id: "T001", action: "start", became: "active" },
    { team: "pair", ...mark, id: "T001", step: "S1", action: "done" },
    { team: "pair", ...mark, id: "T001", action: "promoted" },
    { team: "pair", ...mark, id: "T001", step: "S1", action: "blocked", reason: "no key" },
  ],
  "task.refused": [{ team: "pair", ...mark, text: "progress: T009", reason: "no such task" }],
  "task.restored": [{ team: "pair", id: "T001", path: "x" }],
  "task.countered": [{ team: "pair", id: "T001", letter: "m-1" }],
  "task.reviewed": [{ team: "pair", id: "T001", reason: "10 minutes have passed" }],
  "task.waived": [{ team: "pair", letter: "m-1", what: "a typo" }],
  "plan.completed": [{ team: "pair", tasks: 3 }],
  "scope.changed": [
    { team: "pair", original: ["T001"], current: ["T001"] },
    { team: "pair", original: ["T001"], current: [], isEdited: true },
  ],
  "bridge.coded": [{ repo: "/r", hash: "h", right: "talk", until: 9 }],
  "bridge.wanted": [
    { repo: "/r", platform: "telegram", isOn: true },
    { repo: "/r", platform: "slack", isOn: false },
  ],
  "bridge.started": [{ repo: "/r", platform: "telegram", token: "t" }],
  "bridge.stopped": [{ repo: "/r", platform: "telegram", reason: "x" }],
  "bridge.subscribed": [{ ...chat, hash: "h", right: "talk", sender: "bob", after: 1 }],
  "bridge.unsubscribed": [{ ...chat, sender: "bob", reason: "left" }],
  "bridge.denied": (["code", "chat", "operate"] as const).map((reason) => ({ ...chat, sender: "bob", reason })),
  "bridge.received": [{ ...chat, message: "m-1", sender: "bob", preview: "hi" }],
  "bridge.replied": [{ ...chat, message: "m-1", body }],
  "bridge.filed": [{ ...chat, message: "m-1", file: "a.png", sha256: "s", size: 5, mime: "image/png" }],
  "bridge.sent": [{ ...chat, lane: "news", item: 1, part: 1, parts: 2, id: "9" }],
  "bridge.unsent": [{ ...chat, lane: "news", item: 1, reason: "blocked" }],
  "bridge.uploaded": [{ ...chat, file: "a.png", sha256: "s", id: "9" }],
  "bridge.unuploaded": [{ repo: "/r", file: "a.png", sha256: "s", reason: "too large" }],
};
