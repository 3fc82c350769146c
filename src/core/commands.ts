import type { ControlAction, FactOf, FactType, Hire, Seat, Topology } from "./facts.ts";
import type { Address, AgentId, JobId, Mid, TeamName } from "./ids.ts";

/** What a reactor saw in the world. Only the daemon may report these. */
export const OBSERVED = [
  "daemon.started",
  "agent.changed",
  "terminal.opening",
  "terminal.opened",
  "terminal.exited",
  "terminal.lost",
  "terminal.captured",
  "session.started",
  "usage.measured",
  "hook.heard",
  "hook.failed",
  "job.finished",
  "turn.started",
  "turn.ended",
  "permission.asked",
  "permission.answered",
  "permission.told",
  "control.typed",
  "control.finished",
  "message.stored",
  "message.waiting",
  "message.typing",
  "message.delivered",
  "message.uncertain",
  "message.died",
  "message.read",
  "letter.refused",
  "patch.stepped",
  "patch.refused",
  "patch.committed",
  "evidence.cited",
  "evidence.judged",
  "repository.reviewed",
  "notice.raised",
] as const satisfies readonly FactType[];

export type Observation = FactOf<(typeof OBSERVED)[number]>;

/** A message somebody wants delivered. `mid` makes repeating harmless. */
export interface Letter {
  mid: Mid;
  from: Address;
  to: Address;
  kind: FactOf<"message.queued">["kind"];
  text: string;
  team?: TeamName;
  urgent?: boolean;
  /** Idempotence key of its source: the same origin is accepted once. */
  origin?: string;
}

/** One wish, one verb. Ids come from the caller, so that repeating a command changes nothing. */
export type Command =
  /** Hires an agent; with a job, its prompt is the first message. */
  | { do: "start"; hire: Hire; job?: { id: JobId; mid: Mid; prompt: string } }
  | { do: "send"; letter: Letter }
  | { do: "kill"; agent: AgentId; reason: string; completed?: boolean }
  | { do: "control"; agent: AgentId; id: string; action: ControlAction }
  | { do: "answer"; agent: AgentId; question: string; choice: "allow" | "deny"; reason?: string }
  | { do: "form"; team: TeamName; topology: Topology; repo: string; seats: Seat[]; hires: Hire[]; letters: Letter[] }
  | { do: "stop"; team: TeamName; reason: string }
  | { do: "submit"; patch: Omit<FactOf<"patch.received">, "type"> }
  | { do: "trust"; repo: string; hash: string }
  | { do: "observe"; facts: Observation[] };

export type CommandOf<V extends Command["do"]> = Extract<Command, { do: V }>;

/** A reactor's report: all of its facts become true together. */
export const observe = (...facts: Observation[]): Command => ({ do: "observe", facts });
