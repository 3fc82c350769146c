import { useSignal } from "@preact/signals";
import { type TaskRow, taskRows } from "../../core/queue/view.ts";
import type { State } from "../../core/state.ts";
import { select } from "../choice.ts";
import { open } from "../frame/overlays.ts";
import { Why } from "../parts/why.tsx";
import { act, api, now, say } from "../store.ts";
import { duration } from "../words.ts";
import { placed } from "./order.ts";

const TONES: Record<TaskRow["status"], string> = {
  ...{ pending: "grey", waiting: "grey", processing: "blue", completed: "green", failed: "red" },
  ...{ cancelled: "grey", interrupted: "amber" },
};
const SHOWN = 200;

const path = (task: number, actName: string): string => `/api/queue/tasks/${task}/${actName}`;

/** Tasks whose order a person may change. */
const isMovable = ({ status }: TaskRow): boolean => ["pending", "waiting", "interrupted"].includes(status);

async function move(rows: TaskRow[], task: number, to: number): Promise<void> {
  for (const { task: one, priority } of placed(rows, task, to)) {
    if (!(await act(path(one, "place"), { priority }))) return;
  }
}

async function remove(task: number, isForced: boolean): Promise<void> {
  try {
    await api().delete(`/api/queue/tasks/${task}${isForced ? "?force=1" : ""}`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/** What can be done with a task that is over, or at work. */
function Ways({ row }: { row: TaskRow }) {
  const isSure = useSignal(false);
  if (row.status === "completed") return null;
  if (row.status === "failed" || row.status === "cancelled")
    return (
      <button type="button" class="quiet small" onClick={() => void act(path(row.task, "retry"), {})}>
        Retry
      </button>
    );
  const isAtWork = row.status === "processing";
  const take = () => {
    if (isAtWork && !isSure.value) isSure.value = true;
    else void remove(row.task, isAtWork);
  };
  return (
    <>
      {isAtWork && (
        <button type="button" class="quiet small" onClick={() => void act(path(row.task, "done"), {})}>
          Done
        </button>
      )}
      <button
        type="button"
        class={isSure.value ? "danger small" : "quiet small"}
        onClick={take}
        onBlur={() => (isSure.value = false)}
      >
        {isSure.value ? "End its agent?" : "Remove"}
      </button>
    </>
  );
}

interface Drag {
  task: number;
  over: number | null;
}

interface RowProps {
  row: TaskRow;
  at: number;
  movable: TaskRow[];
  drag: Drag | null;
  setDrag(drag: Drag | null): void;
}

/** Earlier and later, for whoever has no mouse. */
function Arrows({ row, at, movable }: Pick<RowProps, "row" | "at" | "movable">) {
  return (
    <span class="arrows">
      <button
        type="button"
        class="quiet small"
        aria-label={`#${row.task} earlier`}
        disabled={at === 0}
        onClick={() => void move(movable, row.task, at - 1)}
      >
        ↑
      </button>
      <button
        type="button"
        class="quiet small"
        aria-label={`#${row.task} later`}
        disabled={at === movable.length - 1}
        onClick={() => void move(movable, row.task, at + 1)}
      >
        ↓
      </button>
    </span>
  );
}

/** What is known of a task besides its words. */
function Told({ row }: { row: TaskRow }) {
  const { task, priority, after, tags, direct, startedAt, finishedAt, agent, waits, result, status } = row;
  const facts = [
    direct ? "direct" : "",
    priority === 0 ? "" : `priority ${priority}`,
    tags.length > 0 ? `for ${tags.join(", ")}` : "",
    after.length > 0 ? `after ${after.map((one) => `#${one}`).join(", ")}` : "",
    startedAt !== undefined && finishedAt === undefined ? `for ${duration(now.value - startedAt)}` : "",
  ].filter(Boolean);
  return (
    <span class="told faint">
      {facts.join(" · ")}{" "}
      {agent && (
        <button type="button" class="link" onClick={() => select(agent)}>
          {agent}
        </button>
      )}{" "}
      {waits && <span class="wait">{waits.reason}</span>} {result} {status !== "completed" && <Why id={`#${task}`} />}
    </span>
  );
}

function Row({ row, at, movable, drag, setDrag }: RowProps) {
  const canMove = at >= 0;
  return (
    <li
      class={`task ${drag?.task === row.task ? "dragged" : ""} ${canMove && drag?.over === at ? "over" : ""}`}
      data-step
      tabIndex={-1}
      draggable={canMove}
      aria-label={`Task #${row.task}`}
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/plain", `#${row.task}`);
        setDrag({ task: row.task, over: null });
      }}
      onDragOver={(event) => {
        if (!drag || !canMove) return;
        event.preventDefault();
        if (drag.over !== at) setDrag({ ...drag, over: at });
      }}
      onDragEnd={() => setDrag(null)}
      onDrop={(event) => {
        event.preventDefault();
        if (drag && canMove) void move(movable, drag.task, at);
        setDrag(null);
      }}
    >
      <b>#{row.task}</b>
      <span class={`badge ${TONES[row.status]}`}>{row.status}</span>
      <span class="grow prompt">{row.prompt}</span>
      {canMove && <Arrows row={row} at={at} movable={movable} />}
      <Ways row={row} />
      <Told row={row} />
    </li>
  );
}

/** The queue: what is at work, what comes next in which order, what is over. */
export function QueuePanel({ of }: { of: State }) {
  const drag = useSignal<Drag | null>(null);
  const rows = taskRows(of);
  const movable = rows.filter(isMovable);
  const { parallel, maxRunning, timeoutMinutes } = of.queue.limits;
  return (
    <section class="panel queue" aria-label="Queue">
      <h2>
        Queue <span class="faint">{movable.length} wait</span>
        <span class="grow" />
        <span class="faint limits">
          {parallel} direct at a time, {maxRunning} jobs, {duration(timeoutMinutes * 60_000)} each
        </span>
        <button type="button" class="quiet small" onClick={() => open("new")}>
          Add
        </button>
      </h2>
      {rows.length === 0 && (
        <p class="empty">
          No tasks. <code>muster queue add --direct "what to do"</code> adds one that starts an agent by itself.
        </p>
      )}
      <ol class="rows">
        {rows.slice(0, SHOWN).map((row) => (
          <Row
            key={row.task}
            row={row}
            at={movable.findIndex(({ task }) => task === row.task)}
            movable={movable}
            drag={drag.value}
            setDrag={(next) => (drag.value = next)}
          />
        ))}
      </ol>
    </section>
  );
}
