import type { Permission } from "./facts.ts";
import type { AgentId, JobId, Millis, Seq } from "./ids.ts";
import type { Message, State } from "./state.ts";

export interface Health {
  version: string;
  pid: number;
  home: string;
  seq: Seq;
  /** Whose program lives. */
  agents: number;
  /** What the daemon does at this moment, each by the part that does it and the id of what it is about. */
  doing: string[];
}

/** A hook event as it came in; `payload` is its JSON. */
export interface HookEvent {
  id: number;
  at: Millis;
  agent: AgentId;
  event: string;
  tool: string | null;
  payload: string;
}

export interface WholeMessage extends Message {
  body: string;
}

/** A job as it was ordered, in the words of `start`: what it takes to order it again. */
export interface JobOrder {
  id: JobId;
  prompt: string;
  agent: string;
  sandbox: Permission;
  model?: string;
  reasoning?: string;
  /** Minutes. */
  timeout?: number;
  budget?: string;
  worktree?: boolean;
  plain?: boolean;
}

/** First SSE event: everything up to `seq`. `gap`: facts before it were asked for and are not sent one by one. */
export interface Snapshot {
  seq: Seq;
  state: State;
  gap?: boolean;
}

/** A login that works once; the code stands in the fragment of `url`, which browsers send to nobody. */
export interface Login {
  url: string;
  expiresAt: Millis;
}

export interface LoginCode {
  code: string;
  expiresAt: Millis;
}

/** What a console line brought. `isUnrouted`: it named nobody, and went where texts without a prefix go. */
export interface ConsoleReply {
  lines: string[];
  tone: "good" | "warn" | "plain";
  isUnrouted?: boolean;
}

/** What an error says: `code` of a Refusal, or of the guard (`token`, `host`, `origin`, `site`, `type`, `size`, `rate`). */
export interface ApiError {
  error: { code: string; message: string; hint: string; details?: readonly string[] };
}

/** A state without what only the daemon's own decisions need: the browser folds on from it. */
export const publicState = (state: State): State => ({ ...state, accepted: {} });
