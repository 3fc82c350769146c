import type { CommandOf, Letter } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { USER } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { type Agent, isAlive, isOpen, type Job, type Message, type State } from "../state.ts";
import { preview } from "../text.ts";

/** Makes a letter's facts, as every message comes into the log. */
type Queue = (state: State, letter: Letter, taken: Record<string, number>) => Fact[];

/** Agents of teams live and end with their team. */
function ownAgent(state: State, id: string): Agent {
  const agent = state.agents[id];
  if (!agent) throw new Refusal("missing", `no agent ${id}`, "muster jobs lists them");
  const { team } = agent.hire;
  if (team !== undefined)
    throw new Refusal("state", `agent ${id} is a member of team ${team}`, `muster stop ${team} ends it`);
  return agent;
}

const openMessages = (state: State, id: string): Message[] =>
  Object.values(state.messages).filter((message) => message.to === id && isOpen(message));

const FORCE = "wait for it, or --force interrupts";

/** Why an agent cannot take another job just now; null = it can. */
function obstacleOf(state: State, agent: Agent, job: Job | undefined): string | null {
  const { agent: id } = agent.hire;
  if (job?.awaits) return `agent ${id} is being cleared for another job`;
  if (agent.activity !== "idle") return `agent ${id} is ${agent.activity}`;
  if (job && job.outcome === undefined) return `job ${job.id} has not ended`;
  // That its own prompt arrived is clear once its turn has ended, also where the receipt comes later.
  const others = openMessages(state, id).filter(({ mid }) => mid !== job?.mid);
  return others.length > 0 ? `a message to agent ${id} is on its way` : null;
}

function requireUsable(agent: Agent): void {
  const { agent: id } = agent.hire;
  if (agent.dismissed || !isAlive(agent))
    throw new Refusal("state", `agent ${id} has no program any more`, 'muster start "what to do" starts a new one');
  if (agent.activity === "waiting")
    throw new Refusal("state", `a dialog of agent ${id} is open`, `muster attach ${id}, or muster answer ${id}`);
}

/** What an assignment leaves that is ended in the middle. */
function cutShort(state: State, agent: Agent, job: Job | undefined, next: string, interrupt: string): Fact[] {
  const { agent: id } = agent.hire;
  const facts: Fact[] = [];
  if (agent.activity === "busy")
    facts.push({ type: "control.requested", agent: id, control: interrupt, action: "interrupt" });
  const reason = `given up for ${next}`;
  if (job && job.outcome === undefined) facts.push({ type: "job.finished", job: job.id, outcome: "failed", reason });
  for (const { mid } of openMessages(state, id)) facts.push({ type: "message.died", mid, reason });
  return facts;
}

/** Another job for an agent that lives: its conversation is cleared first (A19). */
export function reuse(state: State, command: CommandOf<"reuse">, queue: Queue): Fact[] {
  const { agent: id, job, control, isForced, logFrom } = command;
  if (state.accepted[job.mid]) return [];
  const agent = ownAgent(state, id);
  requireUsable(agent);
  const before = state.jobs[agent.job ?? ""];
  const obstacle = obstacleOf(state, agent, before);
  if (obstacle && !isForced) throw new Refusal("state", obstacle, FORCE);
  const { mid, prompt, timeoutMinutes } = job;
  const letter: Letter = { mid, from: USER, to: id, kind: "prompt", text: prompt };
  return [
    ...(obstacle ? cutShort(state, agent, before, job.id, `${control}-interrupt`) : []),
    { type: "control.requested", agent: id, control, action: "clear" },
    {
      ...{ type: "job.created" as const, job: job.id, agent: id, mid, prompt: preview(prompt, 200), clear: control },
      ...{ timeoutMinutes, logFrom },
    },
    ...queue(state, letter, {}),
  ];
}

/** All files of an agent are to go. It ends first; its facts stay in the log (A16, A17). */
export function discard(
  state: State,
  { agent: id }: CommandOf<"discard">,
  kill: (state: State, command: CommandOf<"kill">) => Fact[],
): Fact[] {
  const agent = ownAgent(state, id);
  if (agent.isDiscarded) return [];
  return [...kill(state, { do: "kill", agent: id, reason: "deleted by user" }), { type: "agent.discarded", agent: id }];
}
