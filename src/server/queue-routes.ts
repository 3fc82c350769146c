import type { QueuedTask } from "../core/queue/state.ts";
import { taskRow, taskRows } from "../core/queue/view.ts";
import { taskIn } from "../core/queue/why.ts";
import { Refusal } from "../core/refusal.ts";
import type { Bodies } from "./bodies.ts";
import { type Call, get, patch, post, type Route, remove } from "./route.ts";

function named({ parts, params }: Call): QueuedTask {
  const task = taskIn(parts.engine.state, params.id ?? "");
  if (!task) throw new Refusal("missing", `no task ${params.id}`, "muster queue lists them");
  return task;
}

const add = ({ parts, by }: Call, body: Bodies["task"]): unknown => {
  const { priority = 0, after = [], direct = false, retries = 0, agent, sandbox, reasoning, ...order } = body;
  const wish = { ...order, priority, after, isDirect: direct, retries };
  return parts.queue.add({ ...wish, driver: agent, permission: sandbox, effort: reasoning }, by);
};

function shown(call: Call): unknown {
  const task = named(call);
  const { state } = call.parts.engine;
  return { ...taskRow(state, task), prompt: call.parts.log.body(task.seq) ?? task.preview };
}

function listed({ parts, query }: Call): unknown {
  const rows = taskRows(parts.engine.state);
  const status = query.get("status");
  return status === null ? rows : rows.filter((row) => row.status === status);
}

function done(call: Call, { failed, result = "" }: Bodies["done"]): unknown {
  const { task } = named(call);
  const outcome = failed ? "failed" : "completed";
  call.parts.operations.dispatch({ do: "conclude", task, outcome, result }, call.by);
  return { task, outcome };
}

function withdraw(call: Call): unknown {
  const { task } = named(call);
  call.parts.operations.dispatch({ do: "withdraw", task, isForced: call.query.get("force") === "true" }, call.by);
  return { task };
}

function retry(call: Call): unknown {
  const { task } = named(call);
  const events = call.parts.operations.dispatch({ do: "retry", task }, call.by);
  return { tasks: events.flatMap((event) => (event.type === "queue.retried" ? [event.task] : [])) };
}

function edit(call: Call, { priority, after, tags }: Bodies["place"]): unknown {
  const { task } = named(call);
  call.parts.operations.dispatch({ do: "edit", task, priority, after, tags }, call.by);
  return taskRow(call.parts.engine.state, named(call));
}

function limit({ parts, by }: Call, limits: Bodies["limits"]): unknown {
  const wanted = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  parts.operations.dispatch({ do: "limit", limits: wanted }, by);
  return parts.engine.state.queue.limits;
}

/** The queue of tasks (A79). */
export const QUEUE_ROUTES: Route[] = [
  get("/api/queue/tasks", "lead", listed),
  post("/api/queue/tasks", "lead", "task", add, 201),
  get("/api/queue/tasks/:id", "lead", shown),
  remove("/api/queue/tasks/:id", "person", withdraw),
  patch("/api/queue/tasks/:id", "person", "place", edit),
  post("/api/queue/tasks/:id/done", "lead", "done", done),
  post("/api/queue/tasks/:id/retry", "lead", "nothing", retry),
  post("/api/queue/tasks/:id/place", "person", "place", edit),
  get("/api/queue/limits", "lead", ({ parts }) => parts.engine.state.queue.limits),
  post("/api/queue/limits", "lead", "limits", limit),
];
