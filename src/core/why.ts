import { answerWay } from "./dialog.ts";
import type { Event, HoldRule } from "./facts.ts";
import { agentState, jobState } from "./job-state.ts";
import { jobWaits } from "./jobs/admission.ts";
import { taskIn, whyTask } from "./queue/why.ts";
import { Refusal } from "./refusal.ts";
import { sentence } from "./sentence.ts";
import { type Agent, isAlive, type Message, type Patch, type State, type Team } from "./state.ts";
import { toolInput } from "./tool-input.ts";
import { whyTrigger } from "./triggers/view.ts";
import { BEATS, beatsWhy, type Moment } from "./why-beats.ts";
import { clockTime, foremanText, memberParts, patchParts, teamParts, type WhyPart } from "./why-parts.ts";

/** Why something is as it is (law 7): the rule, what was seen, and what would change it. */
export interface Why {
  id: string;
  kind: "message" | "agent" | "job" | "patch" | "team" | "beat" | "task" | "trigger";
  /** `message muster-1-abc`, `PeerA (a1b2c3d4)`. */
  what: string;
  state: string;
  rule: string;
  because: string;
  evidence: string[];
  /** What else is so: the beats of a member, the locks on a patch, what keeps a team. */
  parts: WhyPart[];
  change: string;
}

type Answer = Omit<Why, "id" | "kind" | "what" | "evidence" | "parts">;

/** What would end a wait, by the words in which the delivery contract says its reason. */
const WAITS: [pattern: RegExp, rule: string, change: string][] = [
  [
    /acknowledgement/,
    "this team wants each letter acknowledged before the next",
    "its reader's ack, or the time passes",
  ],
  [/paused/, "while a team is paused its letters gather in the inboxes", "/resume"],
  [
    /^held/,
    "an agent's letters to another are typed 30 a minute; a person's words pass them",
    "the minute passes; look whether the two only answer each other",
  ],
  [/busy/, "nothing is typed into a busy CLI", "the end of its turn; or send it again as urgent"],
  [/dialog/, "nothing is typed into a dialog: the Enter would answer it", "a person's answer to the dialog"],
  [/draft/, "nothing is typed over a person's draft", "the draft is sent or deleted in that terminal"],
  [/composer/, "nothing is typed unless the composer is seen", "the CLI shows its prompt again; look at its terminal"],
  [/not running/, "a message waits until its agent has a terminal", "the agent starts again"],
  [
    /receipt|transcript/,
    "it is not typed twice while its receipt may still come",
    "the receipt, or the end of the grace",
  ],
  [/not read/, "keys that wait in the terminal are not added to", "the program reads its input"],
  [/limited/, "nothing is typed while the CLI has no quota", "the CLI's limit ends"],
];

const ENDS: Record<string, Pick<Answer, "rule" | "change">> = {
  delivered: { rule: "delivered means: its receipt was seen", change: "nothing: it is done" },
  uncertain: {
    rule: "without a receipt Muster does not claim a delivery, and does not type the text again",
    change: "look at the terminal, then send it again",
  },
  dead: {
    rule: "a message that its agent will not take any more, or did not within a day, dies with its reason",
    change: "send it again, or to another agent",
  },
};

const HOLDS: Record<HoldRule, string> = {
  cooldown: "letters of one author come at least so many seconds apart, unless they carry weight",
  "low-signal": "a letter to a peer says something: words enough, no mere acknowledgement",
  redundant: "a letter does not say again what was said a moment ago",
  duplicate: "the same text is not handed over twice within a short time",
  damping: "talk without new evidence ends after so many handoffs",
};

function whyHeld({ mid, state }: Message, { rule, reason, until }: NonNullable<Message["held"]>): Answer {
  const byItself = until === undefined ? "" : ", or the time passes";
  const evidence = rule === "damping" ? "new evidence, /resume, or " : "";
  const change = `${evidence}/release ${mid}${byItself}`;
  return { state, rule: HOLDS[rule], because: `held (${rule}): ${reason}`, change };
}

function whyMessage(message: Message): Answer {
  const { state, reason } = message;
  const end = ENDS[state];
  if (end) {
    const seen = message.evidence ? `its receipt was seen: ${message.evidence}` : reason;
    return { state, ...end, because: seen };
  }
  if (state === "typing") {
    const rule = "typed text counts only with a receipt";
    return { state, rule, because: reason || `typed, attempt ${message.attempt}`, change: "the CLI's receipt" };
  }
  if (message.held) return whyHeld(message, message.held);
  const wait = WAITS.find(([pattern]) => pattern.test(reason));
  if (wait) return { state, rule: wait[1], because: reason, change: wait[2] };
  const rule = "messages of one agent are delivered in order";
  return { state, rule, because: reason || "its turn has not come", change: "the messages before it are delivered" };
}

const ATTACH = (agent: Agent): string => `look at it: muster attach ${agent.hire.agent}`;

function whyAgent(state: State, agent: Agent): Answer {
  const now = agentState(state, agent);
  const { activity, detail, dismissed, exit, hire, question } = agent;
  if (dismissed) {
    const rule = "a dismissed agent is not started again";
    return { state: now, rule, because: dismissed.reason, change: "start a new one" };
  }
  if (question) {
    const rule = "a person decides what the CLI asks";
    const because = `it asks to use ${question.tool}: ${toolInput(question.input)}`;
    return { state: now, rule, because, change: answerWay(hire.agent, question) };
  }
  if (!isAlive(agent) && agent.incarnation > 0 && !agent.opening) {
    const how = exit ? `exit code ${exit.code ?? "unknown"}, signal ${exit.signal ?? "none"}` : activity;
    const rule = hire.team
      ? "a member of a team is started again, at most three times in ten minutes"
      : "the agent of a job is not started again: its job has ended";
    return { state: now, rule, because: detail || `its program ended (${how})`, change: "muster start, or muster run" };
  }
  if (activity === "waiting") {
    return {
      state: now,
      rule: "a dialog of the CLI is for a person",
      because: detail || "a dialog is open",
      change: `${answerWay(hire.agent, question)}; muster attach ${hire.agent} opens it`,
    };
  }
  const rule = "what an agent does is told by its own hooks and records";
  const change = activity === "busy" ? `the end of its turn; muster watch ${hire.agent} follows it` : ATTACH(agent);
  return { state: now, rule, because: detail || `its CLI says ${activity}`, change };
}

function whyJob(state: State, id: string): Answer | null {
  const job = state.jobs[id];
  const agent = job && state.agents[job.agent];
  if (!job) return null;
  const now = jobState(job, agent);
  const prompt = state.messages[job.mid];
  const waits = agent && !job.outcome ? jobWaits(state, agent) : null;
  if (waits) {
    const rule = "a job begins when what it comes after is completed and a place is free";
    return { state: now, rule, because: waits.reason, change: waits.hint };
  }
  if (!job.outcome && prompt && prompt.state !== "delivered") {
    const answer = whyMessage(prompt);
    return { ...answer, state: now, because: `its prompt is ${prompt.state}: ${answer.because}` };
  }
  if (!job.outcome && agent) return { ...whyAgent(state, agent), state: now };
  const rule = "a job ends with its turn or its program, never by a text on the screen";
  const because = job.reason || (job.outcome === "completed" ? "its turn ended normally" : `it is ${job.outcome}`);
  const isOpen = agent !== undefined && isAlive(agent) && !agent.dismissed;
  const change = isOpen
    ? `a further message: muster send ${job.agent} "what next"`
    : 'another job: muster start "what to do"';
  return { state: now, rule, because, change };
}

function whyPatch({ rfds }: State, patch: Patch): Answer {
  const { state } = patch;
  const last = patch.steps.at(-1);
  if (state === "committed") {
    const because = `all steps passed; it is commit ${patch.commit ?? "unknown"}`;
    return {
      state,
      rule: "only what was tested in a scratch worktree is committed",
      because,
      change: "nothing: it is done",
    };
  }
  if (state === "refused") {
    const rule = "the first failing step refuses the patch; the user's tree stays untouched";
    const card = Object.values(rfds).find(({ sha, decided }) => sha === patch.sha && !decided);
    const change = card ? `${card.id} is approved by both peers and the user` : "a new patch that passes this step";
    return { state, rule, because: patch.reason ?? "unknown", change };
  }
  if (patch.reason && /paused/.test(patch.reason)) {
    return { state, rule: "while a team is paused no patch is proven", because: patch.reason, change: "/resume" };
  }
  if (patch.reason) {
    const rule = "a patch on files that the peer claims waits";
    return { state, rule, because: patch.reason, change: "the lock ends, or its owner is done" };
  }
  const because = last
    ? `${last.step} is done, ${patch.steps.length} steps so far`
    : "it waits for the patches before it";
  return { state, rule: "one patch of a repository is proven at a time", because, change: "the end of its steps" };
}

function whyTeam(team: Team): Answer {
  const { name, stopped, paused, seats } = team;
  const rule = "a team runs until a person stops it";
  if (stopped !== undefined) return { state: "stopped", rule, because: stopped, change: "muster run" };
  if (paused) {
    const held = "while a team is paused its letters gather in the inboxes";
    return { state: "paused", rule: held, because: "a person paused it", change: "/resume" };
  }
  return {
    state: "running",
    rule,
    because: `${seats.length} seats since it was formed`,
    change: `muster stop ${name}`,
  };
}

function find(state: State, id: string, moment?: Moment): Pick<Why, "kind"> & { answer: Answer | null } {
  const [message, patch, agent, team] = [state.messages[id], state.patches[id], state.agents[id], state.teams[id]];
  if (message) return { kind: "message", answer: whyMessage(message) };
  if (patch) return { kind: "patch", answer: whyPatch(state, patch) };
  if (state.jobs[id]) return { kind: "job", answer: whyJob(state, id) };
  if (agent) return { kind: "agent", answer: whyAgent(state, agent) };
  const trigger = Object.hasOwn(state.triggers.all, id) ? state.triggers.all[id] : undefined;
  if (trigger && moment) return { kind: "trigger", answer: whyTrigger(state, trigger, { zone: "UTC", ...moment }) };
  const task = taskIn(state, id);
  if (task) return { kind: "task", answer: whyTask(state, task) };
  return { kind: "team", answer: team ? whyTeam(team) : null };
}

/** Sentences shown as evidence. */
const SHOWN = 6;

function partsOf(state: State, kind: Why["kind"], id: string, moment: Moment): WhyPart[] {
  const [patch, team] = [state.patches[id], state.teams[id]];
  if (kind === "patch" && patch) return patchParts(state, patch, moment);
  if (kind === "team" && team) return teamParts(state, team, moment);
  return kind === "agent" ? memberParts(state, id, moment) : [];
}

/**
 * Answers `muster why ID`; `facts` are those about it, oldest first. Null when nothing has this id. Without a moment nothing is
 * said that depends on the time.
 */
export function why(state: State, id: string, facts: Event[], moment?: Moment): Why | null {
  const { kind, answer } = find(state, id, moment);
  if (!answer) return null;
  const evidence = facts.slice(-SHOWN).map((event) => {
    const { who, text } = sentence(event, state);
    return `#${event.seq} ${who}: ${text}`;
  });
  const seat = kind === "agent" ? state.agents[id]?.hire.seat : undefined;
  const parts = moment ? partsOf(state, kind, id, moment) : [];
  return { id, kind, what: seat ? `${seat} (${id})` : `${kind} ${id}`, ...answer, evidence, parts };
}

function whyBeat(state: State, agent: Agent, word: string, moment: Moment): Why {
  const { agent: id, seat, team: name } = agent.hire;
  const team = state.teams[name ?? ""];
  const found = team && beatsWhy(state, team, id, moment).find(({ beat }) => beat === word);
  if (!found) {
    const hint = word === "idle" ? "idle is for one that works alone" : "beats come to members of a team that runs";
    throw new Refusal("state", `${seat ?? id} has no ${word}`, hint);
  }
  const { because, rule, change, skipped } = found;
  const left = skipped ? [{ name: "left out", text: `at ${clockTime(skipped.at)}: ${skipped.reason}` }] : [];
  const more = because === "" ? { state: "given", because: "nothing hinders it" } : { state: "not given", because };
  return { id, kind: "beat", what: `${word} of ${seat ?? id}`, ...more, rule, evidence: [], parts: left, change };
}

/** Answers `muster why ID WORD`: one beat of a member, or the Foreman of a team. Throws where there is no such thing. */
export function whyAspect(state: State, id: string, word: string, moment: Moment): Why {
  const [agent, team] = [state.agents[id], state.teams[id]];
  if (agent && (BEATS as readonly string[]).includes(word)) return whyBeat(state, agent, word, moment);
  if (team && word === "foreman") {
    const because = foremanText(state, team, moment.now);
    const rule = "the Foreman runs every so many seconds, never twice at a time (foreman.yaml)";
    const now = because === "it runs now" ? "running" : "not running";
    const change = "the time passes, or /foreman now";
    return { id, kind: "team", what: `Foreman of ${id}`, state: now, because, rule, evidence: [], parts: [], change };
  }
  throw new Refusal("usage", `${id} has no ${word}`, `a member has ${BEATS.join(", ")}; a team has foreman`);
}
