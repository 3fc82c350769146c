import type { Boards, Task } from "../../core/boards/boards-state.ts";
import { type PanelRow, panelLine, panelRows, stepRows } from "../../core/boards/panel.ts";
import { preview } from "../../core/text.ts";

/** The key that a console's line names is no key of the page. */
const withoutKey = (line: string): string => line.replace(/ \[T\]$/, "");

function Steps({ task }: { task: Task }) {
  return (
    <ol class="plan-steps">
      {stepRows(task).map(({ id, status, name, done }) => (
        <li key={id} class={status}>
          <span class="id">{id}</span>
          <span>
            {preview(name)} <span class="faint">{status.replace("_", " ")}</span>
            {done && <span class="done">{preview(done, 300)}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Row({ row, task }: { row: PanelRow; task: Task | undefined }) {
  const { id, status, name, progress, now } = row;
  const said = (
    <>
      {id && <span class="id">{id}</span>} <b>{preview(name)}</b> <span class="faint">{progress}</span>{" "}
      {status !== "folded" && <span class={`stage ${status}`}>{status}</span>}
      {now && <span class="now">{preview(now, 200)}</span>}
    </>
  );
  if (!task) return <li>{said}</li>;
  return (
    <li>
      <details>
        <summary>{said}</summary>
        <Steps task={task} />
      </details>
    </li>
  );
}

/** The plan: one line, unfolded its tasks, and each task's steps (P77). */
export function PlanPanel({ boards }: { boards: Boards | undefined }) {
  const errors = Object.entries(boards?.errors ?? {});
  const rows = panelRows(boards);
  if (!boards || (rows.length === 0 && errors.length === 0)) return null;
  const line = withoutKey(panelLine(boards));
  return (
    <section class="block" aria-label="Plan">
      <details class="plan">
        <summary class={line.includes("BLOCKED") ? "warn" : ""}>{line}</summary>
        <ol class="tasks">
          {rows.map((row) => (
            <Row key={row.id} row={row} task={boards.tasks[row.id]} />
          ))}
        </ol>
      </details>
      {errors.map(([path, error]) => (
        <p key={path} class="bad">
          {preview(path)}: {preview(error, 300)}
        </p>
      ))}
    </section>
  );
}
