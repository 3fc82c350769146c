import { wish } from "./bridges/checks.ts";
import type { Command, CommandOf, Letter } from "./commands.ts";
import { admit } from "./decide-observe.ts";
import { ask, focus, pause, question, release, restart, resume, sign, tune } from "./decide-team.ts";
import type { Fact, Hire } from "./facts.ts";
import { isAgentId, isLead, isTeamName, LEADS, type Principal, SYSTEM, USER } from "./ids.ts";
import { discard, reuse } from "./jobs/decide.ts";
import { note, requireLead, summon } from "./lead/decide.ts";
import { unlimit } from "./limits/decide.ts";
import { isKept } from "./living.ts";
import { withoutMarks } from "./mark.ts";
import { read } from "./notices.ts";
import { delist, enlist } from "./push/decide.ts";
import { assign as assignTask, conclude, edit, enqueue, limit, retry, withdraw } from "./queue/decide.ts";
import { Refusal } from "./refusal.ts";
import { requireRight } from "./rights.ts";
import { type Agent, isAlive, isOpen, type Message, type State } from "./state.ts";
import { bytesOf, preview, visible } from "./text.ts";
import { approve, deactivate, mode, pulse, toggle, trigger, untrigger } from "./triggers/decide.ts";

/** Longest message accepted; beyond it a file should be named instead. */
const MESSAGE_LIMIT = 4 * 1024 * 1024;

type Verb = Command["do"];

const requireAgent = (state: State, id: string): Agent => {
  const agent = state.agents[id];
  if (!agent) throw new Refusal("missing", `no agent ${id}`, "muster jobs lists them");
  return agent;
};

/** What becomes a program's argument, or a task: nothing of it may end early or be replaced (security S26). */
export function refuseNul(what: string, text = ""): void {
  if (text.includes("\u0000")) throw new Refusal("usage", `the ${what} holds a NUL character`, "remove it");
}

function hired(state: State, hire: Hire): Fact {
  refuseNul("command", hire.command);
  if (!isAgentId(hire.agent)) throw new Refusal("usage", `${hire.agent} is not an agent id`, "8 hex digits");
  if (state.agents[hire.agent] || isLead(hire.agent)) throw new Refusal("state", `agent ${hire.agent} exists`);
  return { type: "agent.hired", hire };
}

/** What is kept and delivered of a text. */
const bodyFrom = (text: string): string => withoutMarks(visible(text));

/** Is this the message that was sent before under its id, and not another one? Of forgotten messages nobody can tell. */
export function isRepetition(known: Message | undefined, { to, from, text }: Letter): boolean {
  const body = bodyFrom(text);
  if (!known) return true;
  return known.to === to && known.from === from && known.size === bytesOf(body) && known.preview === preview(body);
}

/** Queues one message; numbers are handed out in order per recipient. `taken` counts those of the same command. */
function queued(state: State, letter: Letter, taken: Record<string, number>): Fact[] {
  if (state.accepted[letter.mid] || (letter.origin && state.accepted[letter.origin])) return [];
  const body = bodyFrom(letter.text);
  if (body.trim() === "") throw new Refusal("usage", "the message is empty", "give it a text");
  const size = bytesOf(body);
  if (size > MESSAGE_LIMIT) throw new Refusal("usage", `the message has ${size} bytes; at most ${MESSAGE_LIMIT}`);
  const { mid, from, to, kind, team, urgent, origin, covers } = letter;
  const isToAgent = to !== USER && to !== SYSTEM;
  const isItem = isToAgent && kind !== "nudge";
  const number = isItem ? (state.numbers[to] ?? 0) + 1 + (taken[to] ?? 0) : 0;
  if (isItem) taken[to] = (taken[to] ?? 0) + 1;
  const more = { ...(covers ? { covers } : {}), preview: preview(body), team, urgent, origin, body };
  const facts: Fact[] = [{ type: "message.queued", mid, from, to, kind, number, size, ...more }];
  if (!isToAgent) facts.push({ type: "message.delivered", mid, evidence: "ledger" });
  return facts;
}

function requireRecipient(state: State, to: string): void {
  if (to === USER || to === SYSTEM) return;
  const reason = endOf(requireAgent(state, to));
  if (reason !== null) throw new Refusal("state", `agent ${to} has ended (${reason})`, "start a new one");
}

/** Why an agent will never read again; null = it may. Members of teams are started again, a job's agent is not. */
function endOf(agent: Agent): string | null {
  const { dismissed, activity, exit, detail } = agent;
  if (dismissed) return dismissed.reason;
  if (isKept(agent)) return null;
  if (activity === "lost") return detail;
  if (activity !== "exited") return null;
  return exit?.signal ? `signal ${exit.signal}` : `exit code ${exit?.code ?? "unknown"}`;
}

const start = (state: State, { hire, job }: CommandOf<"start">): Fact[] => {
  if (state.agents[hire.agent] && job && state.accepted[job.mid]) return [];
  const facts = [hired(state, hire)];
  if (!job) return facts;
  refuseNul("prompt", job.prompt);
  const letter: Letter = { mid: job.mid, from: USER, to: hire.agent, kind: "prompt", text: job.prompt };
  const message = queued(state, letter, {});
  const created: Fact = {
    type: "job.created",
    job: job.id,
    agent: hire.agent,
    mid: job.mid,
    prompt: preview(job.prompt, 200),
    ...(job.timeoutMinutes === undefined ? {} : { timeoutMinutes: job.timeoutMinutes }),
    ...(job.budget === undefined ? {} : { budget: job.budget }),
  };
  return [...facts, created, ...message];
};

/** The lead gets a task as a message; anybody else is hired for it, and it is the agent's job. */
const assign = (state: State, command: CommandOf<"assign">): Fact[] => {
  const { hire, letter: mid, prompt, agent } = command;
  const facts = hire
    ? start(state, { do: "start", hire, job: { id: hire.agent, mid, prompt } })
    : queued(state, { mid, from: SYSTEM, to: agent, kind: "system", text: prompt }, {});
  return assignTask(state, command, facts);
};

const send = (state: State, { letter }: CommandOf<"send">): Fact[] => {
  // Repeated by a client that heard no answer: granted once, whatever became of the recipient since.
  if (state.accepted[letter.mid]) return [];
  requireRecipient(state, letter.to);
  return queued(state, letter, {});
};

const kill = (state: State, { agent: id, reason, completed }: CommandOf<"kill">): Fact[] => {
  const agent = requireAgent(state, id);
  if (agent.dismissed) return [];
  const facts: Fact[] = [{ type: "agent.dismissed", agent: id, reason, completed }];
  const job = agent.job ? state.jobs[agent.job] : undefined;
  if (job && !job.outcome) {
    facts.push({ type: "job.finished", job: job.id, outcome: completed ? "completed" : "failed", reason });
  }
  for (const message of Object.values(state.messages)) {
    if (message.to === id && isOpen(message)) {
      facts.push({ type: "message.died", mid: message.mid, reason: `agent ${id} ended: ${reason}` });
    }
  }
  return facts;
};

const control = (state: State, { agent: id, id: request, action }: CommandOf<"control">): Fact[] => {
  const agent = requireAgent(state, id);
  if (!isAlive(agent)) throw new Refusal("state", `agent ${id} is not running`, "muster jobs shows its state");
  return [{ type: "control.requested", agent: id, control: request, action }];
};

const answer = (state: State, { agent: id, question, choice, reason }: CommandOf<"answer">): Fact[] => {
  const agent = requireAgent(state, id);
  if (agent.question?.id !== question) {
    throw new Refusal("state", `question ${question} of agent ${id} is not open`, "it was answered or withdrawn");
  }
  return [{ type: "permission.answered", agent: id, question, choice, reason }];
};

const press = (state: State, { agent: id, pressed, label }: CommandOf<"press">): Fact[] => {
  requireAgent(state, id);
  return [{ type: "dialog.pressed", agent: id, pressed, label: preview(visible(label), 200) }];
};

const form = (state: State, command: CommandOf<"form">): Fact[] => {
  const { team, topology, repo, seats, hires, letters, settings } = command;
  if (!isTeamName(team)) throw new Refusal("usage", `${team} is not a team name`, "letters, digits and dashes");
  const known = state.teams[team];
  if (known && !known.stopped) throw new Refusal("state", `team ${team} is running`, `muster attach ${team}`);
  const taken: Record<string, number> = {};
  const facts: Fact[] = [{ type: "team.formed", team, topology, repo, seats }];
  if (settings) facts.push({ type: "settings.loaded", team, ...settings });
  for (const hire of hires) facts.push(hired(state, hire));
  for (const letter of letters) {
    if (letter.from === USER) refuseNul("task", letter.text);
    facts.push(...queued(state, letter, taken));
  }
  return facts;
};

const stop = (state: State, { team, reason }: CommandOf<"stop">): Fact[] => {
  const known = state.teams[team];
  if (!known) {
    throw new Refusal("missing", `no team ${team}`, `teams: ${Object.keys(state.teams).join(", ") || "none"}`);
  }
  if (known.stopped) return [];
  const facts: Fact[] = [{ type: "team.stopped", team, reason }];
  for (const { agent } of known.seats) facts.push(...kill(state, { do: "kill", agent, reason, completed: true }));
  return facts;
};

/** All leads, unless one is named; of each, what it was asked is over, and nothing starts it again. */
const retire = (state: State, { lead, reason }: CommandOf<"retire">): Fact[] => {
  if (lead !== undefined) requireLead(lead);
  return (lead === undefined ? LEADS : [lead]).flatMap((agent): Fact[] => {
    const ended = state.agents[agent] ? kill(state, { do: "kill", agent, reason, completed: true }) : [];
    const retired: Fact = { type: "lead.retired", lead: agent, reason };
    return state.leads[agent]?.isWanted ? [retired, ...ended] : ended;
  });
};

const submit = (state: State, { patch }: CommandOf<"submit">): Fact[] => {
  if (state.patches[patch.patch] || (patch.origin && state.accepted[patch.origin])) return [];
  if (!state.teams[patch.team]) throw new Refusal("missing", `no team ${patch.team}`);
  return [{ type: "patch.received", ...patch }];
};

const permit = (state: State, { repo }: CommandOf<"permit">): Fact[] =>
  state.repositories[repo]?.isPermitted ? [] : [{ type: "repository.permitted", repo }];

const trust = (state: State, { repo, hash }: CommandOf<"trust">): Fact[] =>
  state.repositories[repo]?.trusted === hash ? [] : [{ type: "repository.trusted", repo, hash }];

const DECISIONS: { [V in Verb]: (state: State, command: CommandOf<V>, by: Principal) => Fact[] } = {
  start,
  send,
  kill,
  control,
  answer,
  press,
  read,
  form,
  stop,
  pause,
  restart,
  tune,
  focus,
  ask,
  resume,
  release,
  sign,
  question,
  submit,
  trust,
  permit,
  wish,
  enlist,
  delist,
  enqueue,
  assign,
  conclude,
  withdraw,
  retry,
  edit,
  limit,
  trigger,
  untrigger,
  toggle,
  approve,
  mode,
  deactivate: (state) => deactivate(state),
  pulse,
  unlimit,
  summon,
  retire,
  note,
  reuse: (state, command) => {
    refuseNul("prompt", command.job.prompt);
    return reuse(state, command, queued);
  },
  discard: (state, command) => discard(state, command, kill),
  observe: (state, { facts }) => facts.filter((fact) => admit(state, fact)),
};

/** The facts that a command makes true in this state. Throws a Refusal when it cannot be granted; pure. */
export function decide(state: State, command: Command, by: Principal): Fact[] {
  requireRight(state, command, by);
  return (DECISIONS[command.do] as (state: State, command: Command, by: Principal) => Fact[])(state, command, by);
}
