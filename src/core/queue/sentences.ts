import { plain, type Sayings } from "../saying.ts";
import type { QueueFact } from "./facts.ts";

export const QUEUE_SAYINGS: Sayings<QueueFact["type"]> = {
  "queue.added": ({ task, preview }) => ({ ...plain(`waits in the queue: ${preview}`), who: `#${task}` }),
};
