import type { Task } from "../core/boards/boards-state.ts";
import { type PanelRow, panelLine, panelRows, stepRows } from "../core/boards/panel.ts";
import { progressOf } from "../core/boards/plan.ts";
import { drift } from "../core/boards/scope.ts";
import { isTaskFilter, limited, taskNamed, tasksIn } from "../core/boards/tasks.ts";
import type { BoardsView } from "../core/boards/view.ts";
import { age, boardsHere, errorsShown } from "./boards/view.ts";
import { type Call, type CommandSpec, count } from "./command.ts";
import { type Colour, columns, dot, fit, line, paint, table, wrapped } from "./style.ts";

const COLOURS: Record<string, Colour> = {
  ...{ complete: "green", active: "blue", in_progress: "blue", blocked: "red", planned: "dim", pending: "dim" },
  folded: "dim",
};
const NAME = 9;

const painted = (status: string): string => paint(COLOURS[status] ?? "dim", status.replace("_", " "));

/** The line of the console's panel, without the key that unfolds it there. */
const headOf = (tasks: Record<string, Task>): string => paint("bold", panelLine({ tasks }).replace(/ \[T\]$/, ""));

const byId = (tasks: Task[]): Record<string, Task> => Object.fromEntries(tasks.map((task) => [task.id, task]));

/** A name leaves room for what stands behind it. */
const nameWidth = (): number => Math.max(16, Math.floor(columns() / 3));

const rowCells = ({ id, status, progress, now, name }: PanelRow): string[] => [
  id,
  painted(status),
  progress,
  fit(line(name), nameWidth()),
  line(now),
];

/** The plan as a person looks at it; `shown` = what they asked for. */
function overview({ tasks, scope, errors, folder }: BoardsView, shown: Task[], word: string | undefined): string {
  if (tasks.length === 0)
    return `No plan yet: PeerA writes one as ${folder}/T001-name/task.yaml (docs/boards.md).${errorsShown(errors)}`;
  const rows = panelRows({ tasks: byId(shown) }).map(rowCells);
  const titles = ["TASK", "STATUS", "STEPS", "NAME", "NOW"].map((title) => paint("dim", title));
  const list = rows.length > 0 ? table([titles, ...rows]) : paint("dim", `none is ${word}`);
  const change = scope ? drift(scope) : "";
  const scoped = change ? `\n\n${paint("dim", `scope since the start: ${change}`)}` : "";
  return `${headOf(byId(tasks))}\n\n${list}${scoped}${errors.length > 0 ? `\n${errorsShown(errors)}` : ""}`;
}

function times({ startedAt, completedAt, plannedAt }: Task, now: number): string {
  const parts = [
    ...(plannedAt ? [`planned ${age(plannedAt, now)} ago`] : []),
    ...(startedAt ? [`begun ${age(startedAt, now)} ago`] : []),
    ...(completedAt && startedAt ? [`took ${age(startedAt, completedAt)}`] : []),
  ];
  return parts.join(` ${dot} `);
}

function detail(task: Task, now: number): string {
  const { done, of } = progressOf(task);
  const steps = table(
    stepRows(task).map(({ id, status, name, done: end }) => [
      `  ${id}`,
      painted(status),
      fit(line(name), nameWidth()),
      paint("dim", line(end)),
    ]),
  );
  const outputs = task.steps.flatMap((step) =>
    step.outputs.map(({ path, note }) => `${path}${note ? ` (${note})` : ""}`),
  );
  const row = (name: string, value: string): string[] =>
    value === "" ? [] : [`  ${paint("dim", name.padEnd(NAME))}${wrapped(value, NAME + 2)}`];
  const rows = [
    ...row("goal", line(task.goal)),
    ...row("outputs", line(outputs.join(", "))),
    ...row("times", times(task, now)),
    ...row("file", line(task.path)),
  ];
  return `${paint("bold", `${task.id} ${line(task.name)}`)} is ${painted(task.status)}, ${done} of ${of} steps\n\n${steps}\n\n${rows.join("\n")}`;
}

function answer({ flags, words, isJson, print }: Call, view: BoardsView): void {
  const [word] = words;
  if (word !== undefined && !isTaskFilter(word)) {
    const task = taskNamed(view.tasks, word);
    print(isJson ? JSON.stringify(task, null, 1) : detail(task, view.at));
    return;
  }
  const shown = limited(tasksIn(view.tasks, word), count(flags, "limit", 100_000));
  print(isJson ? JSON.stringify(shown, null, 1) : overview(view, shown, word));
}

export const command: CommandSpec = {
  name: "task",
  usage: "task [ID|done|active|blocked] [--limit N]",
  summary:
    "The plan of this repository (docs/por/T###-name/task.yaml): every task and where it stands, those that are done, active or blocked, or one task with its steps. Peers move it by markers in their letters.",
  examples: ["muster task", "muster task T003", "muster task blocked --json"],
  flags: { limit: { type: "string", value: "N", default: "0", help: "only the newest N; 0 = all (0)" } },
  takes: [0, 1],
  async run(call) {
    const { view } = await boardsHere(call);
    answer(call, view);
    return 0;
  },
};
