import type { Event, FactType, Hire } from "./facts.ts";
import { foldCleared, foldCreated, foldFinished, JOB_FOLDS } from "./jobs/fold.ts";
import type { Agent, Job, State } from "./state.ts";

type Family = Extract<
  FactType,
  `${"agent" | "terminal" | "session" | "usage" | "hook" | "job" | "turn" | "permission" | "control" | "limit" | "worktree"}.${string}`
>;
type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

/** Applies to a known agent; facts about unknown ones change nothing. */
const onAgent =
  <T extends FactType>(change: (agent: Agent, event: Event<T> & { agent: string }) => void): Fold<T> =>
  (state, event) => {
    const known = event as Event<T> & { agent: string };
    const agent = state.agents[known.agent];
    if (agent) change(agent, known);
  };

function turn(agent: Agent, activity: Agent["activity"], at: number, detail = ""): void {
  if (agent.activity !== activity) agent.since = at;
  agent.activity = activity;
  agent.detail = detail;
}

/** A new tmux server counts its panes from the start: an old number may be another agent's by now. */
function leave(agent: Agent): void {
  agent.pane = undefined;
  agent.pid = undefined;
}

/** The job whose prompt arrived and which is still open. */
const runningJob = (state: State, agent: Agent): Job | undefined => {
  const job = agent.job ? state.jobs[agent.job] : undefined;
  return job && job.outcome === undefined ? job : undefined;
};

/** A message is looked for in so many transcripts of its agent. */
const TRANSCRIPTS_KEPT = 3;

/** Another driver knows nothing of the old one's program, model or conversation. An empty command = its own program. */
function rehire(agent: Agent, changes: Partial<Hire>): void {
  const { command, model, scenario, effort, ...rest } = agent.hire;
  const isOther = changes.driver !== undefined && changes.driver !== agent.hire.driver;
  agent.hire = { ...(isOther ? rest : agent.hire), ...changes };
  if (agent.hire.command === "") delete agent.hire.command;
  if (!isOther) return;
  delete agent.session;
  delete agent.transcript;
  agent.transcripts = [];
}

/** Record and hook tell of a dialog in either order; the waiting of the question before is not that of the next. */
function show(agent: Agent): void {
  if (!agent.question || agent.activity !== "waiting" || agent.shownAt === agent.since) return;
  agent.question.isShown = true;
  agent.shownAt = agent.since;
}

const FOLDS: { [T in Family]: Fold<T> } = {
  "agent.hired": (state, event) => {
    state.agents[event.hire.agent] = {
      hire: event.hire,
      activity: "starting",
      detail: "",
      since: event.at,
      hiredAt: event.at,
      // The lead comes back under its id: no run of it is taken for an earlier one.
      incarnation: state.agents[event.hire.agent]?.incarnation ?? 0,
      opening: false,
      turns: 0,
      controls: [],
      transcripts: [],
      crashes: [],
    };
  },
  "agent.changed": onAgent((agent, event) => {
    turn(agent, event.activity, event.at, event.detail);
    if (event.activity === "idle") agent.tool = undefined;
    show(agent);
  }),
  "agent.abandoned": onAgent((agent) => {
    agent.isAbandoned = true;
  }),
  "agent.restarted": onAgent((agent, event) => {
    rehire(agent, event.changes);
    agent.isRestarting = true;
    agent.isAbandoned = undefined;
    agent.crashes = [];
  }),
  "agent.dismissed": onAgent((agent, event) => {
    agent.dismissed = { reason: event.reason, completed: event.completed ?? false };
  }),
  "terminal.opening": onAgent((agent, event) => {
    agent.opening = true;
    agent.openedAt ??= event.at;
    agent.isRestarting = undefined;
    agent.incarnation = event.incarnation;
    leave(agent);
    agent.exit = undefined;
    agent.question = undefined;
    turn(agent, "starting", event.at);
  }),
  "terminal.opened": onAgent((agent, event) => {
    agent.opening = false;
    agent.pane = event.pane;
    agent.pid = event.pid;
    agent.log = event.log;
  }),
  "terminal.exited": onAgent((agent, event) => {
    agent.exit = { code: event.code, signal: event.signal };
    agent.opening = false;
    agent.question = undefined;
    if (!agent.dismissed && !agent.isRestarting) agent.crashes = [...agent.crashes, event.at].slice(-6);
    turn(agent, "exited", event.at);
  }),
  "terminal.lost": onAgent((agent, event) => {
    agent.opening = false;
    agent.question = undefined;
    leave(agent);
    if (!agent.dismissed) agent.crashes = [...agent.crashes, event.at].slice(-6);
    turn(agent, "lost", event.at, event.reason);
  }),
  "terminal.captured": onAgent((agent, { seq, incarnation }) => {
    agent.lastScreen = { seq, incarnation };
  }),
  "session.started": onAgent((agent, event) => {
    agent.session = event.session;
    const { transcript } = event;
    if (transcript === undefined || transcript === agent.transcript) return;
    agent.transcript = transcript;
    agent.transcripts = [transcript, ...agent.transcripts.filter((path) => path !== transcript)].slice(
      0,
      TRANSCRIPTS_KEPT,
    );
  }),
  "session.compacted": (state, event) => {
    const rhythm = state.rhythms[event.agent];
    if (!rhythm) return;
    rhythm.compactedAt = event.at;
    rhythm.sinceCompact = 0;
  },
  "usage.measured": onAgent((agent, event) => {
    agent.usage = {
      contextTokens: event.contextTokens,
      contextSize: event.contextSize ?? agent.usage?.contextSize,
      cost: event.cost ?? agent.usage?.cost,
    };
  }),
  "hook.heard": (state, event) => {
    state.hookRow = Math.max(state.hookRow, event.row);
    const agent = state.agents[event.agent];
    if (agent && event.tool) agent.tool = event.tool;
  },
  "hook.failed": onAgent((agent, event) => {
    agent.unhooked = event.incarnation;
  }),
  ...JOB_FOLDS,
  "job.created": foldCreated,
  "job.finished": foldFinished,
  "turn.started": (state, event) => {
    const agent = state.agents[event.agent];
    if (!agent) return;
    agent.limit = undefined;
    const job = runningJob(state, agent);
    if (job) job.startedAt ??= event.at;
  },
  "turn.ended": (state, event) => {
    const agent = state.agents[event.agent];
    if (!agent) return;
    agent.turns += 1;
    agent.tool = undefined;
    const job = runningJob(state, agent);
    if (job) job.summary = event.summary;
  },
  "limit.reached": onAgent((agent, { until, isKnown }) => {
    agent.limit = { until, isKnown };
  }),
  "limit.passed": onAgent((agent) => {
    if (agent.limit) agent.limit = { ...agent.limit, isPassed: true };
  }),
  "limit.ended": onAgent((agent, { at }) => {
    agent.limit = undefined;
    agent.activity = "idle";
    agent.detail = "";
    agent.since = at;
  }),
  "permission.asked": onAgent((agent, event) => {
    agent.question = { id: event.question, tool: event.tool, input: event.input };
    show(agent);
  }),
  "permission.answered": onAgent((agent, event) => {
    if (agent.question?.id === event.question) agent.question = undefined;
    const { question, choice, reason } = event;
    if (choice !== "withdrawn") agent.answer = { question, choice, reason: reason ?? "" };
  }),
  "permission.told": onAgent((agent, { ok, at }) => {
    agent.answer = undefined;
    // Its hook has the answer: the dialog waits for nobody, though the CLI says so a moment later.
    if (ok && !agent.question && agent.activity === "waiting") turn(agent, "busy", at);
  }),
  "control.requested": onAgent((agent, event) => {
    const { control: id, action } = event;
    const session = action === "clear" && agent.session !== undefined ? { session: agent.session } : {};
    agent.controls = [...agent.controls, { id, action, ...session }];
  }),
  "control.typed": onAgent((agent, event) => {
    agent.controls = agent.controls.map((one) => (one.id === event.control ? { ...one, isTyped: true } : one));
  }),
  "control.finished": (state, event) => {
    const agent = state.agents[event.agent];
    if (agent) agent.controls = agent.controls.filter((control) => control.id !== event.control);
    foldCleared(state, event);
  },
};

/** Facts about agents, their terminals, jobs and dialogs. */
export function foldAgent(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
