import { BOARD_OBSERVED } from "./boards/facts.ts";
import { BRIDGE_OBSERVED, type BridgeWish } from "./bridges/facts.ts";
import { CONFIG_OBSERVED } from "./config/facts.ts";
import type { DialogKey } from "./dialog.ts";
import { ERRAND_OBSERVED } from "./errands/facts.ts";
import type { ControlAction, FactOf, FactType, Hire, Seat, TeamSwitch, Topology } from "./facts.ts";
import type { Address, AgentId, JobId, Mid, Seq, TeamName } from "./ids.ts";
import type { Budget } from "./jobs/budget.ts";
import { JOB_OBSERVED } from "./jobs/facts.ts";
import { LEAD_OBSERVED } from "./lead/facts.ts";
import { LIMIT_OBSERVED } from "./limits/facts.ts";
import { PUSH_OBSERVED } from "./push/facts.ts";
import { QUEUE_OBSERVED, type QueueLimits, type TaskNumber, type TaskOrder } from "./queue/facts.ts";
import type { DecisionChannel, RfdDecision } from "./rfd/facts.ts";
import { TRIGGER_OBSERVED, type TriggerSpec } from "./triggers/facts.ts";

/** What a reactor saw in the world. Only the daemon may report these. */
export const OBSERVED = [
  "daemon.started",
  "agent.changed",
  "agent.abandoned",
  "terminal.opening",
  "terminal.opened",
  "terminal.exited",
  "terminal.lost",
  "terminal.captured",
  "session.started",
  "session.compacted",
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
  "message.nacked",
  "message.restored",
  "message.answered",
  "message.held",
  "message.released",
  "letter.refused",
  "letter.found",
  "letter.parsed",
  "handoff.counted",
  "cadence.asked",
  "cadence.sent",
  "cadence.skipped",
  "settings.loaded",
  "settings.refused",
  "rfd.opened",
  "rfd.decided",
  "lock.taken",
  "tree.seen",
  "patch.waiting",
  "patch.reopened",
  "patch.stepped",
  "patch.refused",
  "patch.committed",
  "evidence.cited",
  "evidence.judged",
  "repository.reviewed",
  "notice.raised",
  ...BOARD_OBSERVED,
  ...BRIDGE_OBSERVED,
  ...CONFIG_OBSERVED,
  ...ERRAND_OBSERVED,
  ...LEAD_OBSERVED,
  ...LIMIT_OBSERVED,
  ...PUSH_OBSERVED,
  ...QUEUE_OBSERVED,
  ...TRIGGER_OBSERVED,
  ...JOB_OBSERVED,
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
  /** Messages which are delivered with this nudge. */
  covers?: Mid[];
  /** Idempotence key of its source: the same origin is accepted once. */
  origin?: string;
}

/** One assignment, as somebody asks for it. */
export interface JobWish {
  id: JobId;
  mid: Mid;
  prompt: string;
  timeoutMinutes?: number;
  budget?: Budget;
}

/** One wish, one verb. Ids come from the caller, so that repeating a command changes nothing. */
export type Command =
  /** Hires an agent; with a job, its prompt is the first message. */
  | { do: "start"; hire: Hire; job?: JobWish }
  | { do: "send"; letter: Letter }
  | { do: "kill"; agent: AgentId; reason: string; completed?: boolean }
  | { do: "control"; agent: AgentId; id: string; action: ControlAction }
  | { do: "answer"; agent: AgentId; question: string; choice: "allow" | "deny"; reason?: string }
  /** A person has seen what was told. */
  | { do: "read"; upTo: Seq; ids: Seq[] }
  /** Written down by whoever pressed the key, after it looked at the screen once more. */
  | { do: "press"; agent: AgentId; pressed: DialogKey; label: string }
  | {
      do: "form";
      team: TeamName;
      topology: Topology;
      repo: string;
      seats: Seat[];
      hires: Hire[];
      letters: Letter[];
      settings?: Omit<FactOf<"settings.loaded">, "type" | "team">;
    }
  | { do: "stop"; team: TeamName; reason: string }
  /** Letters gather in the inboxes until `resume`. */
  | { do: "pause"; team: TeamName }
  | { do: "resume"; team: TeamName }
  /** Its program is started again, perhaps differently. */
  | { do: "restart"; agent: AgentId; changes: Partial<Hire> }
  | { do: "tune"; team: TeamName; switch: TeamSwitch; isOn: boolean }
  | { do: "focus"; team: TeamName; hint: string }
  /** Asks for a beat out of turn. */
  | { do: "ask"; team: TeamName; agent: AgentId; beat: "refresh" | "compact" | "clear" }
  /** Lets a held letter go. */
  | { do: "release"; mid: Mid }
  /** Approves or rejects a request for decision, as whoever sends this; `agent`: whose letter says so, told by the daemon. */
  | {
      do: "sign";
      rfd: string;
      decision: RfdDecision;
      reason?: string;
      channel?: DecisionChannel;
      agent?: AgentId;
      sha?: string;
    }
  /** Asks for more before deciding. */
  | { do: "question"; rfd: string; channel?: DecisionChannel }
  | { do: "submit"; patch: Omit<FactOf<"patch.received">, "type"> }
  | { do: "trust"; repo: string; hash: string }
  | { do: "permit"; repo: string }
  | { do: "wish"; wish: BridgeWish }
  /** A person's browser wants to be told what needs them; `known`: keys of what does already. */
  | { do: "enlist"; device: string; label: string; known: string[] }
  | { do: "delist"; device: string }
  /** Adds a task to the queue; the same `origin` is granted once. */
  | { do: "enqueue"; order: TaskOrder; origin?: string }
  /** Gives a task to an agent; `hire`: it is hired for that. `letter`: the message that carries the prompt. */
  | { do: "assign"; task: TaskNumber; agent: AgentId; letter: Mid; prompt: string; hire?: Hire }
  | { do: "conclude"; task: TaskNumber; outcome: "completed" | "failed"; result: string }
  /** Takes a task out of the queue; `isForced`: also while somebody works on it. */
  | { do: "withdraw"; task: TaskNumber; isForced?: boolean }
  | { do: "retry"; task: TaskNumber }
  | { do: "edit"; task: TaskNumber; priority?: number; after?: TaskNumber[]; tags?: string[] }
  | { do: "limit"; limits: Partial<QueueLimits> }
  | { do: "trigger"; trigger: TriggerSpec; isEdit?: boolean }
  | { do: "untrigger"; name: string }
  | { do: "toggle"; name: string; isOn?: boolean }
  /** Decides about what a trigger asked for. */
  | { do: "approve"; approval: string; decision: "approve" | "reject" | "expired"; comment?: string }
  | { do: "mode"; act: "create" | "activate" | "delete"; name: string; description?: string; isEmpty?: boolean }
  | { do: "deactivate" }
  | { do: "pulse"; isOn: boolean }
  /** A limited agent goes on, whatever its account said. */
  | { do: "unlimit"; agent: AgentId }
  /** Starts a lead, the first one unless named; without `hire` as it was started last. */
  | { do: "summon"; lead?: AgentId; hire?: Omit<Hire, "agent">; tags?: string[] }
  /** Ends a lead, or all; it is not started again. */
  | { do: "retire"; lead?: AgentId; reason: string }
  /** What a lead wants to know after a clear. */
  | { do: "note"; lead?: AgentId; text: string }
  /** Another job in the same terminal; `control` clears the conversation first. */
  | { do: "reuse"; agent: AgentId; job: JobWish; control: string; isForced?: boolean; logFrom?: number }
  /** Ends an agent and removes its files. */
  | { do: "discard"; agent: AgentId }
  | { do: "observe"; facts: Observation[] };

export type CommandOf<V extends Command["do"]> = Extract<Command, { do: V }>;

/** A reactor's report: all of its facts become true together. */
export const observe = (...facts: Observation[]): Command => ({ do: "observe", facts });
