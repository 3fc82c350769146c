import type { CommandOf } from "../commands.ts";
import type { Fact } from "../facts.ts";
import { Refusal } from "../refusal.ts";
import type { State } from "../state.ts";
import { preview, visible } from "../text.ts";

/** Adds a task to the queue. A repeated `origin` adds nothing. */
export function enqueue(state: State, { order, origin }: CommandOf<"enqueue">): Fact[] {
  if (origin && state.accepted[origin]) return [];
  const { prompt, ...rest } = order;
  const body = visible(prompt);
  if (body.trim() === "") throw new Refusal("usage", "the prompt is empty", 'muster queue add "what to do"');
  return [{ type: "queue.added", task: state.queue.last + 1, order: rest, preview: preview(body, 200), origin, body }];
}
