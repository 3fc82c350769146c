import type { Boards } from "../core/boards/boards-state.ts";
import { type PanelRow, panelLine, panelRows, stepRows } from "../core/boards/panel.ts";
import { fit, type Line, lineWidth, pad, type Span, type Style } from "./cells.ts";

const STATUS: Record<string, Style> = {
  active: "accent",
  in_progress: "accent",
  blocked: "warn",
  complete: "good",
  planned: "dim",
  pending: "dim",
  folded: "dim",
};

/** With fewer columns the steps of a task stand on its page only. */
const TWO_COLUMNS = 90;

const NONE = "No plan yet. The peers write one as docs/por/T001-name/task.yaml when the work is large enough.";

function taskLine({ id, status, name, progress, now }: PanelRow, isChosen: boolean, width: number): Line {
  const spans: Span[] = [
    { text: pad(id, 5) },
    { text: pad(status, 9), style: STATUS[status] },
    { text: pad(progress, 5), style: "dim" },
    { text: name, style: "bold" },
    ...(now ? [{ text: `  ${now}`, style: "dim" as const }] : []),
  ];
  const line = fit(spans, width);
  return isChosen ? line.map(({ text }): Span => ({ text, style: "chosen" })) : line;
}

/** The steps of a task, one row each. */
export function stepTexts(boards: Boards | undefined, id: string): string[] {
  const task = boards?.tasks[id];
  if (!task) return [];
  return stepRows(task).map((step) => `${pad(step.id, 5)}${pad(step.status, 12)}${step.name}: ${step.done}`);
}

function stepLines(boards: Boards | undefined, id: string, width: number): Line[] {
  const task = boards?.tasks[id];
  if (!task) return [];
  const head: Line = [{ text: `${id} ${task.goal || task.name}`, style: "dim" }];
  const steps = stepRows(task).map(
    ({ id: step, status, name }): Line => [
      { text: pad(step, 5) },
      { text: pad(status, 12), style: STATUS[status] },
      { text: name },
    ],
  );
  return [head, ...steps].map((line) => fit(line, width));
}

/** The id of the task in a row of the expanded panel; empty = a folded row, or none. */
export const taskAt = (boards: Boards | undefined, at: number): string => panelRows(boards)[at]?.id ?? "";

/** The expanded panel: tasks on the left, the steps of the chosen one on the right where there is room. */
export function planLines(boards: Boards | undefined, width: number, rows: number, mode: { at: number }): Line[] {
  const tasks = panelRows(boards);
  mode.at = Math.max(0, Math.min(mode.at, tasks.length - 1));
  const head: Line = fit([{ text: panelLine(boards).replace(" [T]", ""), style: "accent" }], width);
  if (tasks.length === 0) return [head, [], fit([{ text: NONE, style: "dim" }], width)];
  const isWide = width >= TWO_COLUMNS;
  const left = isWide ? Math.floor(width / 2) : width;
  const room = Math.max(1, rows - 2);
  const top = Math.max(0, Math.min(mode.at - room + 1, tasks.length - room), mode.at - room + 1);
  const shown = tasks.slice(top, top + room).map((row, at) => taskLine(row, top + at === mode.at, left - 2));
  const steps = isWide ? stepLines(boards, taskAt(boards, mode.at), width - left) : [];
  const errors = Object.values(boards?.errors ?? {}).map((text): Line => fit([{ text, style: "warn" }], width));
  const both = Array.from({ length: Math.max(shown.length, steps.length) }, (_, at): Line => {
    const line = shown[at] ?? [];
    const gap = " ".repeat(Math.max(0, left - lineWidth(line)));
    return steps[at] ? [...line, { text: gap }, ...steps[at]] : line;
  });
  return [head, [], ...both, ...errors].slice(0, rows);
}
