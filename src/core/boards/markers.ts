import { taskId, taskNumber } from "./ids.ts";
import { fenced } from "./markdown.ts";

/** What a marker may ask for; `complete` is read as `done`. */
export type MarkerAction = "start" | "done" | "promoted" | "in_progress" | "blocked";

/** `progress: T001.S1 done`: one line of a letter that moves a plan. */
export interface Marker {
  /** The line as it was written. */
  text: string;
  task: string;
  step?: string;
  action: MarkerAction;
  /** Why a step is blocked. */
  reason?: string;
}

/** A line that wants to be a marker, and why it is none. */
export interface BadMarker {
  text: string;
  problem: string;
}

/** What each kind of id takes; said to whoever wrote something else. */
export const VALID_MARKERS = `a task takes start, done (or complete), promoted: progress: T001 start
a step takes done (or complete), in_progress, blocked: <reason>: progress: T001.S1 done`;

const OF_TASK = ["start", "done", "promoted"];
const OF_STEP = ["done", "in_progress", "blocked"];
/** Whatever begins like an id: a sentence that happens to begin with `progress:` is none. */
const LINE = /^[ \t]*progress:[ \t]*([A-Za-z]{0,2}\d\S*)(?:[ \t]+(.*?))?[ \t]*$/i;
const ID = /^(T\d+)(?:\.(S\d{1,3}(?:\.\d{1,3})?))?$/i;

/** What is wrong with an action; null = nothing. */
function problemOf(action: string, reason: string, rest: string, isStep: boolean): string | null {
  if (rest === "") return "it names no action";
  const isKnown = (isStep ? OF_STEP : OF_TASK).includes(action) && (action === "blocked" || reason === "");
  if (!isKnown) return `a ${isStep ? "step" : "task"} knows no action ${rest}`;
  return action === "blocked" && reason === "" ? "blocked needs a reason: blocked: <reason>" : null;
}

function markerOf(text: string, id: string, rest: string): Marker | BadMarker {
  const [, task = "", step] = ID.exec(id) ?? [];
  const number = taskNumber(task);
  if (number === null) return { text, problem: `${id} is no id of a task or step` };
  const [, word = "", reason = ""] = /^([A-Za-z_-]*):?\s*(.*)/s.exec(rest) ?? [];
  const lower = word.toLowerCase().replaceAll("-", "_");
  const action = lower === "complete" ? "done" : lower;
  const problem = problemOf(action, reason, rest, step !== undefined);
  if (problem) return { text, problem };
  const marker: Marker = { text, task: taskId(number), action: action as MarkerAction };
  if (step) marker.step = step.toUpperCase();
  if (reason) marker.reason = reason;
  return marker;
}

/** `quick: what`: its author says that this needs no plan (P74). */
export function quickTasksIn(letter: string): string[] {
  const lines = letter.split(/\r?\n/);
  const inside = fenced(lines);
  return lines.flatMap((line, at) => (inside[at] ? [] : (/^[ \t]*quick:[ \t]*(\S.*?)[ \t]*$/i.exec(line)?.[1] ?? [])));
}

/** The markers of a letter in their order: alone on a line, outside of code fences. */
export function markersIn(letter: string): (Marker | BadMarker)[] {
  const lines = letter.split(/\r?\n/);
  const inside = fenced(lines);
  return lines.flatMap((line, at) => {
    const [, id, rest = ""] = inside[at] ? [] : (LINE.exec(line) ?? []);
    return id === undefined ? [] : [markerOf(line.trim(), id, rest)];
  });
}
