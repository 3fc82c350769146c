import { expect, test } from "bun:test";
import { ANN, BOB, History } from "../../test/fakes/history.ts";
import type { Observation } from "./commands.ts";
import type { HoldRule } from "./facts.ts";
import { type Why, why } from "./why.ts";

/** A history with one agent, its job and its prompt `m-1`. */
function jobHistory(): History {
  const history = new History();
  history.dispatch({
    ...{ do: "start", hire: { agent: ANN, driver: "standin", cwd: "/r", permission: "workspace-write" } },
    job: { id: ANN, mid: "m-1", prompt: "do it" },
  });
  return history;
}
const of = (history: History, id: string): Why => {
  const found = why(history.state, id, []);
  if (!found) throw new Error(`no why of ${id}`);
  return found;
};
/** `state | rule | because | change`. */
const said = (history: History, id: string): string => {
  const { state, rule, because, change } = of(history, id);
  return [state, rule, because, change].join(" | ");
};

const IN_TURN = "messages of one agent are delivered in order";

test("each reason to wait has its rule and what would end it", () => {
  const waits: [reason: string, rule: string, change: string][] = [
    ["the agent is busy", "nothing is typed into a busy CLI", "the end of its turn; or send it again as urgent"],
    [
      "a dialog of the CLI is open",
      "nothing is typed into a dialog: the Enter would answer it",
      "a person's answer to the dialog",
    ],
    [
      "a person's draft stands in the composer",
      "nothing is typed over a person's draft",
      "the draft is sent or deleted in that terminal",
    ],
    [
      "the composer is not visible",
      "nothing is typed unless the composer is seen",
      "the CLI shows its prompt again; look at its terminal",
    ],
    ["the agent is not running", "a message waits until its agent has a terminal", "the agent starts again"],
    [
      "a receipt may still come",
      "it is not typed twice while its receipt may still come",
      "the receipt, or the end of the grace",
    ],
    [
      "the program has not read its input",
      "keys that wait in the terminal are not added to",
      "the program reads its input",
    ],
    ["the agent is limited", "nothing is typed while the CLI has no quota", "the CLI's limit ends"],
    ["something new", IN_TURN, "the messages before it are delivered"],
  ];
  for (const [reason, rule, change] of waits) {
    const history = jobHistory();
    history.observe({ type: "message.waiting", mid: "m-1", reason });
    expect(said(history, "m-1")).toBe(`queued | ${rule} | ${reason} | ${change}`);
  }
  expect(said(jobHistory(), "m-1")).toBe(
    `queued | ${IN_TURN} | its turn has not come | the messages before it are delivered`,
  );
});

test("typed text waits for its receipt; an end says how it ended", () => {
  const typing: Observation = { type: "message.typing", mid: "m-1", attempt: 2, incarnation: 1, nextAt: 0 };
  const ends: [Observation[], string][] = [
    [[], "typing | typed text counts only with a receipt | typed, attempt 1 | the CLI's receipt"],
    [
      [{ type: "message.waiting", mid: "m-1", reason: "it hangs" }],
      "typing | typed text counts only with a receipt | it hangs | the CLI's receipt",
    ],
    [
      [{ type: "message.delivered", mid: "m-1", evidence: "receipt" }],
      "delivered | delivered means: its receipt was seen | its receipt was seen: receipt | nothing: it is done",
    ],
    [
      [{ type: "message.uncertain", mid: "m-1", reason: "typed 5 times" }],
      "uncertain | without a receipt Muster does not claim a delivery, and does not type the text again | typed 5 times | look at the terminal, then send it again",
    ],
    [
      [{ type: "message.died", mid: "m-1", reason: "killed" }],
      "dead | a message that its agent will not take any more, or did not within a day, dies with its reason | killed | send it again, or to another agent",
    ],
  ];
  for (const [facts, line] of ends) {
    const history = jobHistory();
    history.observe({ ...typing, attempt: 1 } as Observation);
    history.observe(...facts);
    expect(said(history, "m-1")).toBe(line);
    expect(of(history, "m-1")).toMatchObject({ kind: "message", what: "message m-1" });
  }
});

test("an agent is explained by what stands in its way, the strongest first", () => {
  const history = new History();
  history.hire(ANN, { team: "t", seat: "PeerA" });
  history.open(ANN);
  const look = `look at it: muster attach ${ANN}`;
  const own = "what an agent does is told by its own hooks and records";
  expect(said(history, ANN)).toBe(`idle | ${own} | its CLI says idle | ${look}`);
  expect(of(history, ANN)).toMatchObject({ kind: "agent", what: `PeerA (${ANN})` });
  history.observe({ type: "agent.changed", agent: ANN, activity: "busy", detail: "compacting" });
  expect(said(history, ANN)).toBe(
    `running | ${own} | compacting | the end of its turn; muster watch ${ANN} follows it`,
  );
  const dialog = "needs_user | a dialog of the CLI is for a person";
  history.observe({ type: "agent.changed", agent: ANN, activity: "waiting" });
  const keys = `muster answer ${ANN} shows the choices, each with the command that presses its key; muster attach ${ANN} opens it`;
  expect(said(history, ANN)).toBe(`${dialog} | a dialog is open | ${keys}`);
  history.observe({ type: "agent.changed", agent: ANN, activity: "waiting", detail: "login" });
  expect(said(history, ANN)).toBe(`${dialog} | login | ${keys}`);
  history.observe({ type: "permission.asked", agent: ANN, question: "q", tool: "Bash", input: "ls" });
  expect(said(history, ANN)).toBe(
    `needs_user | a person decides what the CLI asks | it asks to use Bash: ls | muster answer ${ANN} allow, or deny`,
  );
  history.observe({ type: "terminal.exited", agent: ANN, incarnation: 1, code: 3, signal: null });
  const member = "a member of a team is started again, at most three times in ten minutes";
  expect(said(history, ANN)).toBe(
    `lost | ${member} | its program ended (exit code 3, signal none) | muster start, or muster run`,
  );
  history.observe({ type: "terminal.opening", agent: ANN, incarnation: 2 });
  expect(of(history, ANN)).toMatchObject({ rule: own, because: "its CLI says starting" });
  history.observe({ type: "terminal.lost", agent: ANN, incarnation: 2, reason: "tmux died" });
  expect(said(history, ANN)).toBe(`lost | ${member} | tmux died | muster start, or muster run`);
  history.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  expect(said(history, ANN)).toBe("failed | a dismissed agent is not started again | enough | start a new one");
});

test("an agent of a job is not started again; one that never had a terminal still may", () => {
  const history = new History();
  history.hire(BOB);
  expect(of(history, BOB)).toMatchObject({ state: "pending", because: "its CLI says starting" });
  history.open(BOB);
  history.observe({ type: "terminal.exited", agent: BOB, incarnation: 1, code: null, signal: 9 });
  expect(of(history, BOB)).toMatchObject({
    ...{ rule: "the agent of a job is not started again: its job has ended" },
    ...{ because: "its program ended (exit code unknown, signal 9)" },
  });
});

test("a job is explained by its prompt, then by its agent, then by its end", () => {
  const history = jobHistory();
  expect(of(history, ANN)).toMatchObject({
    ...{ kind: "job", what: `job ${ANN}`, because: "its prompt is queued: its turn has not come", rule: IN_TURN },
  });
  history.observe({ type: "message.delivered", mid: "m-1", evidence: "transcript" });
  expect(of(history, ANN)).toMatchObject({ because: "its CLI says starting", kind: "job" });
  history.open(ANN);
  const rule = "a job ends with its turn or its program, never by a text on the screen";
  history.observe({ type: "job.finished", job: ANN, outcome: "completed", reason: "" });
  expect(said(history, ANN)).toBe(
    `idle | ${rule} | its turn ended normally | a further message: muster send ${ANN} "what next"`,
  );
  history.dispatch({ do: "kill", agent: ANN, reason: "enough" });
  expect(said(history, ANN)).toBe(
    `completed | ${rule} | its turn ended normally | another job: muster start "what to do"`,
  );
  const lost = jobHistory();
  lost.observe({ type: "job.finished", job: ANN, outcome: "lost", reason: "" });
  expect(of(lost, ANN)).toMatchObject({ state: "lost", because: "it is lost" });
});

test("a patch is explained by how far it came, a team by whether it runs", () => {
  const history = new History();
  history.dispatch({ do: "form", team: "t", topology: "solo", repo: "/r", seats: [], hires: [], letters: [] });
  expect(said(history, "t")).toBe(
    "running | a team runs until a person stops it | 0 seats since it was formed | muster stop t",
  );
  const patch = { team: "t", author: ANN, title: "x", sha: "s", lines: 1, paths: ["a"], body: "" };
  for (const id of ["P-1", "P-2"]) history.dispatch({ do: "submit", patch: { ...patch, patch: id } });
  const one = "one patch of a repository is proven at a time";
  expect(said(history, "P-1")).toBe(`queued | ${one} | it waits for the patches before it | the end of its steps`);
  const step = { step: "lint", command: "", code: 0, millis: 1 } as const;
  history.observe({ type: "patch.stepped", patch: "P-1", step, body: "" });
  expect(said(history, "P-1")).toBe(`queued | ${one} | lint is done, 1 steps so far | the end of its steps`);
  history.observe({ type: "patch.refused", patch: "P-1", kind: "test-fail", reason: "rc=1", body: "" });
  expect(said(history, "P-1")).toBe(
    "refused | the first failing step refuses the patch; the user's tree stays untouched | rc=1 | a new patch that passes this step",
  );
  history.observe({ type: "patch.committed", patch: "P-2", commit: "c0ffee", branch: "main", steps: [] });
  expect(said(history, "P-2")).toBe(
    "committed | only what was tested in a scratch worktree is committed | all steps passed; it is commit c0ffee | nothing: it is done",
  );
  history.dispatch({ do: "stop", team: "t", reason: "done" });
  expect(said(history, "t")).toBe("stopped | a team runs until a person stops it | done | muster run");
  expect(of(history, "t")).toMatchObject({ kind: "team", what: "team t", evidence: [] });
});

test("the last six facts are the evidence; what nobody knows has no why", () => {
  const history = jobHistory();
  for (let n = 0; n < 9; n += 1) history.observe({ type: "message.waiting", mid: "m-1", reason: `r${n}` });
  const { evidence } = why(history.state, "m-1", history.events) ?? { evidence: [] };
  expect(evidence).toHaveLength(6);
  expect(evidence.at(-1)).toBe(`#${history.state.seq} you → ${ANN}: waits: r8`);
  for (const id of ["nothing", "constructor"]) expect(why(history.state, id, [])).toBeNull();
});

test("a held letter says which rule holds it and every way out of it", () => {
  const history = new History();
  history.hire(ANN);
  const hold = (rule: HoldRule, until?: number) => {
    history.send(ANN, { mid: `h-${rule}` });
    history.observe({ type: "message.held", mid: `h-${rule}`, rule, reason: "r", until });
    const { rule: said, because, change } = why(history.state, `h-${rule}`, []) ?? {};
    return [said, because, change];
  };
  expect(hold("cooldown", 5)).toEqual([
    "letters of one author come at least so many seconds apart, unless they carry weight",
    "held (cooldown): r",
    "/release h-cooldown, or the time passes",
  ]);
  expect(hold("low-signal")).toEqual([
    "a letter to a peer says something: words enough, no mere acknowledgement",
    "held (low-signal): r",
    "/release h-low-signal",
  ]);
  expect(hold("redundant")[0]).toBe("a letter does not say again what was said a moment ago");
  expect(hold("damping")).toEqual([
    "talk without new evidence ends after so many handoffs",
    "held (damping): r",
    "new evidence, /resume, or /release h-damping",
  ]);
});
