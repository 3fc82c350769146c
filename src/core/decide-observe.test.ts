import { beforeEach, expect, test } from "bun:test";
import { EVERY_FACT } from "../../test/fakes/every-fact.ts";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import { OBSERVED, type Observation } from "./commands.ts";
import { admit } from "./decide-observe.ts";
import type { Patch } from "./state.ts";

let it: History;
beforeEach(() => {
  it = new History();
  it.dispatch({ do: "start", hire: hireOf(ANN), job: { id: ANN, mid: "m-1", prompt: "go" } });
});

const news = (...facts: Observation[]): boolean[] => it.news(...facts);
/** The same report twice. */
const twice = (fact: Observation): boolean[] => news(fact, fact);

/** What is told whether or not anything is known of whom it is about. */
const ALWAYS =
  "daemon.started letter.refused letter.found cadence.asked cadence.sent cadence.skipped rfd.opened tree.seen evidence.cited " +
  "evidence.judged repository.reviewed notice.raised board.seen board.broken subpor.seen subpor.opened subpor.acked task.seen " +
  "task.marked task.restored task.waived scope.changed bridge.started bridge.denied bridge.filed bridge.unuploaded " +
  "config.loaded errand.refused foreman.skipped foreman.spoke foreman.misspoke evidence.validated lead.warned lead.clearing " +
  "lead.uncleared lead.resumed trigger.crossed trigger.fired trigger.skipped approval.asked job.warned worktree.closed " +
  "worktree.merged";

test("reports about agents, messages, jobs and teams that are not there are dropped", () => {
  const { state } = new History();
  const admitted = new Set<string>();
  for (const type of OBSERVED)
    for (const form of EVERY_FACT[type]) if (admit(state, { type, ...form } as Observation)) admitted.add(type);
  expect([...admitted].sort()).toEqual(ALWAYS.split(" ").sort());
});

test("what an agent does is told when it changes, or what it says of it", () => {
  const idle = (detail?: string): Observation => ({ type: "agent.changed", agent: ANN, activity: "idle", detail });
  expect(news(idle(), idle(), idle("x"), idle("x"), idle())).toEqual([true, false, true, false, true]);
  expect(twice({ type: "agent.changed", agent: ANN, activity: "busy" })).toEqual([true, false]);
});

test("a program that has ended, or is lost, does nothing any more", () => {
  it.open(ANN);
  it.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 0, signal: null });
  expect(news({ type: "agent.changed", agent: ANN, activity: "busy" })).toEqual([false]);
  it.open(ANN, 2);
  it.observe({ type: "terminal.lost", agent: ANN, incarnation: 2, reason: "tmux died" });
  expect(news({ type: "agent.changed", agent: ANN, activity: "busy" })).toEqual([false]);
});

test("a limited agent that shows its prompt is not idle, until its limit has ended", () => {
  it.open(ANN);
  const limit = (until: number): Observation => ({ type: "limit.reached", agent: ANN, until, isKnown: true });
  expect(news(limit(5), limit(5), limit(6))).toEqual([true, false, true]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "limited" });
  expect(news({ type: "agent.changed", agent: ANN, activity: "idle" })).toEqual([false]);
  expect(news({ type: "agent.changed", agent: ANN, activity: "busy" })).toEqual([true]);
  expect(twice({ type: "limit.passed", agent: ANN })).toEqual([true, false]);
  expect(twice({ type: "limit.ended", agent: ANN })).toEqual([true, false]);
  expect(news({ type: "limit.passed", agent: ANN })).toEqual([false]);
  it.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  expect(news({ type: "agent.changed", agent: ANN, activity: "idle" })).toEqual([true]);
});

test("a terminal is opened as the next run alone, and not for one that is dismissed", () => {
  const opening = (incarnation: number): Observation => ({ type: "terminal.opening", agent: ANN, incarnation });
  const opened = (incarnation: number, pane = "%1"): Observation => ({
    ...{ type: "terminal.opened", agent: ANN, incarnation, pane, pid: 7, log: "x" },
  });
  expect(news(opening(2), opening(0), opening(1), opening(1))).toEqual([false, false, true, false]);
  expect(news(opened(2), opened(1), opened(1), opened(1, "%2"))).toEqual([false, true, false, true]);
  it.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  expect(news(opening(2))).toEqual([false]);
});

test("the end of a run, its loss and its last screen are told once, and of the present run", () => {
  it.open(ANN);
  const exited = (incarnation: number): Observation => ({
    ...{ type: "terminal.exited", agent: ANN, incarnation, code: 0, signal: null },
  });
  const lost = (incarnation: number): Observation => ({ type: "terminal.lost", agent: ANN, incarnation, reason: "x" });
  const shown = (incarnation: number): Observation => ({
    type: "terminal.captured",
    agent: ANN,
    incarnation,
    body: "x",
  });
  expect(news(shown(2), shown(1), shown(1))).toEqual([false, true, false]);
  expect(news(exited(2), exited(1), exited(1), lost(1))).toEqual([false, true, false, false]);
  it.open(ANN, 2);
  expect(news(lost(1), lost(2), lost(2), exited(2))).toEqual([false, true, false, true]);
});

test("given up and a hook that fails are told once of each run", () => {
  it.open(ANN);
  const abandoned = (incarnation: number): Observation => ({ type: "agent.abandoned", agent: ANN, incarnation });
  const failed = (incarnation: number): Observation => ({ type: "hook.failed", agent: ANN, incarnation, reason: "x" });
  expect(news(abandoned(2), abandoned(1), abandoned(1))).toEqual([false, true, false]);
  expect(news(failed(2), failed(1), failed(1))).toEqual([false, true, false]);
});

test("a session is told when its id or its transcript is another one", () => {
  const session = (id: string, transcript?: string): Observation => ({
    ...{ type: "session.started", agent: ANN, session: id, transcript },
  });
  expect(news(session("a"), session("a"), session("a", "/t"), session("a", "/t"), session("a"), session("b"))).toEqual([
    ...[true, false, true, false, false, true],
  ]);
});

test("use is told when tokens or cost are others; a cost that is not said has not changed", () => {
  const used = (contextTokens: number, cost?: number): Observation => ({
    ...{ type: "usage.measured", agent: ANN, contextTokens, cost },
  });
  expect(news(used(1), used(1), used(1, 2), used(1, 2), used(1), used(2), used(2, 3))).toEqual([
    ...[true, false, true, false, false, true, true],
  ]);
});

test("a question is asked once, answered while it is open, and its answer told once", () => {
  it.open(ANN);
  const ask = (question: string): Observation => ({
    type: "permission.asked",
    agent: ANN,
    question,
    tool: "Bash",
    input: "",
  });
  const answer = (question: string): Observation => ({
    type: "permission.answered",
    agent: ANN,
    question,
    choice: "allow",
  });
  const told = (question: string): Observation => ({ type: "permission.told", agent: ANN, question, ok: true });
  expect(news(answer("q"), told("q"), ask("q"), ask("q"), answer("p"), answer("q"), answer("q"))).toEqual([
    ...[false, false, true, false, false, true, false],
  ]);
  expect(news(told("p"), told("q"), told("q"))).toEqual([false, true, false]);
});

test("a control is typed once and finished once, while it is asked for", () => {
  it.open(ANN);
  const typed = (control: string): Observation => ({ type: "control.typed", agent: ANN, control });
  const done = (control: string): Observation => ({
    type: "control.finished",
    agent: ANN,
    control,
    ok: true,
    reason: "",
  });
  expect(news(typed("c"), done("c"))).toEqual([false, false]);
  it.fold([{ type: "control.requested", agent: ANN, control: "c", action: "clear" }]);
  expect(news(typed("d"), typed("c"), typed("c"), done("d"), done("c"), done("c"))).toEqual([
    ...[false, true, false, false, true, false],
  ]);
});

const typing = (attempt: number): Observation => ({
  ...{ type: "message.typing", mid: "m-1", attempt, incarnation: 1, nextAt: 0 },
});
const delivered: Observation = { type: "message.delivered", mid: "m-1", evidence: "receipt" };

test("the way of a message is told step by step, and nothing more once it has arrived", () => {
  const stored = (path: string): Observation => ({ type: "message.stored", mid: "m-1", path });
  const waiting = (reason: string, isWithdrawn?: true): Observation => ({
    ...{ type: "message.waiting", mid: "m-1", reason, isWithdrawn },
  });
  expect(news(stored("/a"), stored("/a"), stored("/b"))).toEqual([true, false, true]);
  expect(news(waiting("x"), waiting("x"), waiting("y"))).toEqual([true, false, true]);
  expect(news(typing(2), typing(1), typing(1), typing(2))).toEqual([false, true, false, true]);
  expect(news(waiting("", true))).toEqual([true]);
  expect(twice(delivered)).toEqual([true, false]);
  expect(news(stored("/c"), waiting("z"), waiting("z", true), typing(3))).toEqual([false, false, false, false]);
  const uncertain: Observation = { type: "message.uncertain", mid: "m-1", reason: "x" };
  expect(news(uncertain, { type: "message.died", mid: "m-1", reason: "x" })).toEqual([false, false]);
});

test("a message is read once; answered once; given back, restored, and given back once more", () => {
  const read: Observation = { type: "message.read", mid: "m-1" };
  const nacked: Observation = { type: "message.nacked", mid: "m-1", reason: "x" } as Observation;
  const restored: Observation = { type: "message.restored", mid: "m-1" } as Observation;
  expect(twice({ type: "message.answered", mid: "m-1", answer: "m-2" })).toEqual([true, false]);
  expect(news(nacked, restored)).toEqual([false, false]);
  it.observe(delivered);
  expect(news(restored, nacked, restored, restored, nacked, nacked)).toEqual([false, true, true, false, true, false]);
  expect([it.message("m-1").nacks, news(restored, read)]).toEqual([2, [false, false]]);
});

test("a message that is read is not given back a second time", () => {
  expect(news(delivered, { type: "message.nacked", mid: "m-1", reason: "x" } as Observation)).toEqual([true, true]);
  expect(twice({ type: "message.read", mid: "m-1" })).toEqual([true, false]);
  expect(news({ type: "message.nacked", mid: "m-1", reason: "x" } as Observation)).toEqual([false]);
});

test("a message is held before its first try, and released while it is held", () => {
  const held: Observation = { type: "message.held", mid: "m-1", rule: "redundant", reason: "x" };
  const released: Observation = { type: "message.released", mid: "m-1" };
  expect(news(released, held, released, released)).toEqual([false, true, true, false]);
  it.observe(typing(1));
  expect(news(held)).toEqual([false]);
  it.message("m-1").held = { rule: "redundant", reason: "x" };
  it.observe(delivered);
  expect(news(held, released)).toEqual([false, false]);
});

function team(): void {
  const seats = [ANN, BOB].map((id, n) => ({ seat: n === 0 ? "PeerA" : "PeerB", agent: id, driver: "standin" }));
  it.fold([{ type: "team.formed", team: "pair", topology: "pair", repo: "/r", seats }]);
}

/** The form in which a fact stands among all of them, with these parts. */
const form = (type: Observation["type"], more: object): Observation =>
  ({ type, ...EVERY_FACT[type][0], ...more }) as Observation;

test("settings of a team are told when their hash is another one, read or refused", () => {
  team();
  const loaded = (hash: string) => form("settings.loaded", { team: "pair", hash });
  const refused = (hash: string) => form("settings.refused", { team: "pair", hash });
  expect(news(loaded("a"), loaded("a"), refused("a"), refused("b"), refused("b"), loaded("b"), loaded("a"))).toEqual([
    ...[true, false, false, true, false, false, true],
  ]);
});

test("a letter of a team is parsed once", () => {
  team();
  const parsed = (mid: string) => form("letter.parsed", { team: "pair", mid });
  expect(news(parsed("a"), parsed("b"), parsed("a"), parsed("b"))).toEqual([true, true, false, false]);
});

test("the tree of a team is told when its head, its files or its commits are others", () => {
  team();
  const seen = (head: string, paths: string[] = [], ids: string[] = []): Observation => ({
    ...{ type: "tree.seen", team: "pair", head },
    ...{ unqueued: paths.map((path) => ({ path })), commits: ids.map((id) => ({ id, subject: id })) },
  });
  expect(
    news(seen("a"), seen("a"), seen("b"), seen("b", ["x"]), seen("b", ["x"], ["c"]), seen("b", ["x"], ["c"])),
  ).toEqual([true, false, true, true, true, false]);
});

const patchFacts = (patch: string): Observation[] => [
  form("patch.waiting", { patch, reason: "first" }),
  form("patch.stepped", { patch }),
  form("patch.refused", { patch }),
  form("patch.committed", { patch }),
  form("patch.reopened", { patch }),
];

test("a patch is told of while it is queued, and opened again when it was refused", () => {
  const found = (state: Patch["state"]) => {
    it.state.patches["P-1"] = { state, reason: "old", steps: [] } as unknown as Patch;
    return patchFacts("P-1").map((fact) => admit(it.state, fact));
  };
  expect(found("queued")).toEqual([true, true, true, true, false]);
  expect(found("refused")).toEqual([false, false, false, false, true]);
  expect(found("committed")).toEqual([false, false, false, false, false]);
  it.state.patches["P-1"] = { state: "queued", reason: "first" } as Patch;
  expect(admit(it.state, form("patch.waiting", { patch: "P-1", reason: "first" }))).toBe(false);
});

test("a reference is cited once and judged once", () => {
  team();
  const place = { mid: "m-1", ref: "src/a.ts:1" };
  const cited = form("evidence.cited", place);
  const judged = form("evidence.judged", place);
  expect([twice(cited), twice(judged)]).toEqual([
    [true, false],
    [true, false],
  ]);
});

test("a repository that was looked at is told when its hash is another one, or its digests are new", () => {
  const seen = (hash: string, digests?: string[]): Observation => ({
    ...{ type: "repository.reviewed", repo: "/r", hash, files: ["a"], ...(digests ? { digests } : {}) },
  });
  expect(news(seen("a"), seen("a"), seen("a", ["d"]), seen("a", ["d"]), seen("a", ["e"]), seen("b"))).toEqual([
    ...[true, false, true, false, false, true],
  ]);
});

test("the home's settings are told when they change something", () => {
  const loaded = (changes: object) => form("config.loaded", { changes });
  expect(news(loaded({}), loaded({ warnPct: 60 }), loaded({ warnPct: 60 }), loaded({}))).toEqual([
    ...[false, true, false, true],
  ]);
});

test("an agent's turns and hooks are told as often as they come", () => {
  const turn: Observation = { type: "turn.ended", agent: ANN, outcome: "done", summary: "" };
  expect([twice({ type: "turn.started", agent: ANN }), twice(turn)]).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(twice({ type: "hook.heard", agent: ANN, event: "Stop", row: 1 })).toEqual([true, true]);
  expect(it.state.agents[ANN]?.turns).toBeGreaterThan(0);
});
