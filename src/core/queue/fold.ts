import type { Event } from "../facts.ts";
import type { State } from "../state.ts";

export function foldQueue(state: State, event: Event): void {
  if (event.type !== "queue.added") return;
  const { task, order, preview, seq, at, origin } = event;
  state.queue.tasks[task] = { task, seq, order, preview, state: "pending", addedAt: at };
  state.queue.last = Math.max(state.queue.last, task);
  if (origin) state.accepted[origin] = true;
}
