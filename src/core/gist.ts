import type { AgentId, Mid, Millis } from "./ids.ts";

/** What is kept of a letter to compare the next one with. */
export interface Gist {
  mid: Mid;
  author: AgentId;
  at: Millis;
  print: string;
  gist: string;
}
