import { Refusal } from "../refusal.ts";
import { type Cron, isPossible, parseCron } from "./cron.ts";

/** What a threshold measures. */
export const METRICS = ["context_used_pct", "queue_depth", "active_agents", "idle_seconds"] as const;
export type Metric = (typeof METRICS)[number];

/** What can happen, in the words of conditions. */
export const EVENTS = [
  ...(["job_created", "job_updated", "job_completed", "job_failed", "hook_event"] as const),
  ...(["orchestrator_status_change", "orchestrator_context_warn", "queue_update", "pulse_tick"] as const),
] as const;
export type EventName = (typeof EVENTS)[number];

export const TRIGGER_TYPES = ["cron", "threshold", "event"] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

const COMPARE: Record<string, (value: number, limit: number) => boolean> = {
  ">=": (value, limit) => value >= limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  "<": (value, limit) => value < limit,
  "==": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
};

export interface Threshold {
  metric: Metric;
  operator: string;
  limit: number;
}

export interface EventCondition {
  event: EventName;
  /** `job.status == failed`: only then. */
  filter?: { path: string; isEqual: boolean; value: string };
}

const isOneOf = <T extends string>(words: readonly T[], word: string): word is T =>
  (words as readonly string[]).includes(word);

export function parseThreshold(text: string): Threshold {
  const [, metric = "", operator = "", limit = ""] =
    /^\s*([a-z_]+)\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  if (metric === "")
    throw new Refusal("usage", `${JSON.stringify(text)} is no threshold`, "METRIC OP NUMBER, such as queue_depth >= 5");
  if (!isOneOf(METRICS, metric)) throw new Refusal("usage", `${metric} is no metric`, METRICS.join(", "));
  return { metric, operator, limit: Number(limit) };
}

export const isOver = ({ operator, limit }: Threshold, value: number): boolean =>
  COMPARE[operator]?.(value, limit) ?? false;

export function parseEvent(text: string): EventCondition {
  const [, event = "", path, operator, value] =
    /^\s*([a-z_]+)(?:\s+where\s+([a-z_][\w.]*)\s*(==|!=)\s*(.+?))?\s*$/.exec(text) ?? [];
  if (event === "")
    throw new Refusal("usage", `${JSON.stringify(text)} is no event`, "NAME, or NAME where job.status == failed");
  if (!isOneOf(EVENTS, event)) throw new Refusal("usage", `${event} is no event`, EVENTS.join(", "));
  if (path === undefined) return { event };
  return { event, filter: { path, isEqual: operator === "==", value: (value ?? "").replace(/^(["'])(.*)\1$/, "$2") } };
}

/** What a condition says; a Refusal when it cannot be understood. */
export function parseCondition(type: TriggerType, text: string): Cron | Threshold | EventCondition {
  if (type === "cron") {
    const cron = parseCron(text);
    if (!isPossible(cron)) throw new Refusal("usage", `${text.trim()} never comes`, "a day that one of its months has");
    return cron;
  }
  return type === "threshold" ? parseThreshold(text) : parseEvent(text);
}

/** The value at `job.status` of what an event tells; undefined = there is none. */
function valueAt(data: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (at, key) =>
        at !== null && typeof at === "object" && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined,
      data,
    );
}

export function isMeant({ filter }: EventCondition, data: unknown): boolean {
  if (!filter) return true;
  const value = valueAt(data, filter.path);
  return (value !== undefined && String(value) === filter.value) === filter.isEqual;
}

/** Puts what an event tells into `{{job.id}}`; what is not there stays visible as `(no job.x)`. */
export function expanded(text: string, data: unknown): string {
  return text.replace(/\{\{\s*([a-z_][\w.]*)\s*\}\}/gi, (_, path: string) => {
    const value = valueAt(data, path);
    if (value === undefined || value === null) return `(no ${path})`;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}
