import { jobState } from "../core/job-state.ts";
import type { State } from "../core/state.ts";
import type { Address } from "./places.ts";

/** One bar of the pipeline: a job or a task, from when it could begin to its end. */
export interface Bar {
  id: string;
  label: string;
  text: string;
  tone: "blue" | "amber" | "green" | "red" | "grey";
  /** Since when it waits; drawn thin until `from`. */
  asked: number;
  from: number | null;
  to: number | null;
  /** Bars it comes after. */
  after: string[];
  at: Address;
}

const JOB_TONES: Record<string, Bar["tone"]> = {
  ...{ running: "blue", starting: "blue", completed: "green", idle: "green", failed: "red", lost: "red" },
  ...{ needs_user: "amber", limited: "amber" },
};
const TASK_TONES: Record<string, Bar["tone"]> = { processing: "blue", completed: "green", failed: "red" };

function jobBars(state: State): Bar[] {
  return Object.values(state.jobs).map((job) => {
    const agent = state.agents[job.agent];
    const is = jobState(job, agent);
    return {
      ...{ id: job.id, label: agent?.hire.seat ?? job.id, text: job.prompt, tone: JOB_TONES[is] ?? "grey" },
      ...{ asked: job.createdAt, from: job.startedAt ?? null, to: job.finishedAt ?? null },
      ...{
        after: (agent?.hire.after ?? []).flatMap((parent) => state.agents[parent]?.job ?? []),
        at: { place: "agents" as const, id: job.agent },
      },
    };
  });
}

function taskBars(state: State): Bar[] {
  return Object.values(state.queue.tasks).map((task) => ({
    ...{ id: `#${task.task}`, label: `#${task.task}`, text: task.preview, tone: TASK_TONES[task.state] ?? "grey" },
    ...{ asked: task.addedAt, from: task.startedAt ?? null, to: task.finishedAt ?? null },
    ...{ after: task.order.after.map((one) => `#${one}`), at: { place: "orchestrator" as const, id: "" } },
  }));
}

/** Jobs and tasks that were there within a span of time, the oldest first. */
export function bars(state: State, kind: "jobs" | "tasks", since: number): Bar[] {
  return (kind === "jobs" ? jobBars(state) : taskBars(state))
    .filter(({ to }) => to === null || to >= since)
    .sort((a, b) => (a.from ?? a.asked) - (b.from ?? b.asked));
}

/** Round moments of a span, at most `most` of them. */
export function ticks(from: number, to: number, most = 8): number[] {
  const STEPS = [1, 5, 10, 30, 60, 120, 360, 720, 1440].map((minutes) => minutes * 60_000);
  const step = STEPS.find((one) => (to - from) / one <= most) ?? (STEPS.at(-1) as number) * 7;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, n) => first + n * step);
}
