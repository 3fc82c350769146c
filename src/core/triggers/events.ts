import type { Event, FactType } from "../facts.ts";
import { isLead } from "../ids.ts";
import type { Job, State } from "../state.ts";
import type { EventName } from "./condition.ts";

/** What a trigger hears of a fact. */
export interface Heard {
  event: EventName;
  /** What its filter and its texts may name. */
  data: Record<string, unknown>;
}

const jobData = ({ id, agent, prompt, outcome, reason, summary }: Job) => ({
  job: { id, agent, prompt, status: outcome ?? "running", error: outcome === "completed" ? "" : reason, summary },
});

function ofJob(state: State, id: string | undefined, event: EventName): Heard[] {
  const job = state.jobs[id ?? ""];
  return job ? [{ event, data: jobData(job) }] : [];
}

type Hear<T extends FactType> = (event: Event<T>, state: State) => Heard[];

const status = (word: string) => (): Heard[] => [
  { event: "orchestrator_status_change", data: { event: { status: word } } },
];
const queue = ({ type, task }: { type: string; task: number }): Heard[] => [
  { event: "queue_update", data: { event: { task, change: type.split(".")[1] } } },
];

/** Which facts are which events: the one table (A68). `pulse_tick` comes from the pulse itself. */
const TABLE: { [T in FactType]?: Hear<T> } = {
  "job.created": ({ job }, state) => ofJob(state, job, "job_created"),
  "job.finished": ({ job, outcome }, state) =>
    ofJob(state, job, outcome === "completed" ? "job_completed" : "job_failed"),
  "agent.changed": ({ agent }, state) => (isLead(agent) ? [] : ofJob(state, state.agents[agent]?.job, "job_updated")),
  "hook.heard": ({ agent, event, tool }, state) => [
    { event: "hook_event", data: { event: { name: event, tool, agent }, job: { id: state.agents[agent]?.job } } },
  ],
  "lead.summoned": status("started"),
  "lead.retired": status("stopped"),
  "lead.clearing": status("clearing"),
  "lead.resumed": status("resuming"),
  "lead.warned": ({ percent }) => [{ event: "orchestrator_context_warn", data: { event: { percent } } }],
  "queue.added": queue,
  "queue.started": queue,
  "queue.returned": queue,
  "queue.finished": queue,
  "queue.cancelled": queue,
};

export const heardIn = (event: Event, state: State): Heard[] =>
  (TABLE[event.type] as Hear<FactType> | undefined)?.(event, state) ?? [];

/** The triggers that led to a task, first to last, from its origin `trigger:a>b#12`. */
const chainIn = (origin: string | undefined): string[] => /^trigger:([^#]+)#/.exec(origin ?? "")?.[1]?.split(">") ?? [];

/** The triggers that led to a fact: those behind the task that it is about, or whose agent it is about. */
export function chainOf({ queue: { tasks, open }, jobs }: State, event: Event): string[] {
  const known = event as { task?: unknown; agent?: string; job?: string };
  if (typeof known.task === "number") return chainIn(tasks[known.task]?.origin);
  const agent = known.agent ?? jobs[known.job ?? ""]?.agent;
  if (agent === undefined) return [];
  const number = open.find((task) => tasks[task]?.agent === agent);
  const task = number === undefined ? Object.values(tasks).find((one) => one.agent === agent) : tasks[number];
  return chainIn(task?.origin);
}
