import type { BoardFact } from "./boards/facts.ts";
import type { BridgeFact } from "./bridges/facts.ts";
import type { CadenceFact } from "./cadence/facts.ts";
import type { ConfigFact } from "./config/facts.ts";
import type { DialogKey } from "./dialog.ts";
import type { ErrandFact } from "./errands/facts.ts";
import type { Address, AgentId, JobId, Mid, Millis, Seq, TeamName } from "./ids.ts";
import type { Budget } from "./jobs/budget.ts";
import type { JobFact } from "./jobs/facts.ts";
import type { Worktree } from "./jobs/worktree.ts";
import type { LeadFact } from "./lead/facts.ts";
import type { LimitFact } from "./limits/facts.ts";
import type { PushFact } from "./push/facts.ts";
import type { QueueFact } from "./queue/facts.ts";
import type { RfdFact } from "./rfd/facts.ts";
import type { SettingsChanges } from "./settings/settings.ts";
import type { TriggerFact } from "./triggers/facts.ts";

/** What an agent may do. Each driver maps it to a real mechanism of its CLI. */
export type Permission = "read-only" | "workspace-write" | "danger-full-access";

/**
 * What a CLI is doing, as its driver knows it.
 * `waiting` = a dialog of the CLI is open; `unknown` = nothing may be typed.
 */
export type Activity = "starting" | "idle" | "busy" | "waiting" | "limited" | "exited" | "lost" | "unknown";

/**
 * How a message was seen to have arrived. `ledger`: the recipient is a person, who reads the log. `nudge`: a nudge that names
 * its inbox file arrived.
 */
export type DeliveryEvidence = "transcript" | "receipt" | "file" | "ledger" | "nudge";

/** Why a letter between peers is kept back until somebody or something releases it. */
export type HoldRule = "cooldown" | "low-signal" | "redundant" | "duplicate" | "damping";

export type Topology = "solo" | "pair";

/** What one seat of a team is: who sits there and by which driver. */
export interface Seat {
  seat: string;
  agent: AgentId;
  driver: string;
}

/** How an agent is to be started; kept whole so that it can be started again. */
export interface Hire {
  agent: AgentId;
  driver: string;
  cwd: string;
  permission: Permission;
  /** Replaces the driver's own program (`--peer-a "my-cli --flag"`), split on blanks. */
  command?: string;
  model?: string;
  effort?: string;
  /** Whose login its CLI uses: a digest. Absent = of an older version. */
  account?: string;
  team?: TeamName;
  /** `PeerA`, `PeerB`: the name others know it by. */
  seat?: string;
  parent?: AgentId;
  /** Has its CLI a command to make its context smaller? Absent = nobody knows. */
  canCompact?: boolean;
  /** It works there, beside the person's own files. */
  worktree?: Worktree;
  /** Agents whose jobs must be completed before its terminal opens. */
  after?: AgentId[];
  /** What its CLI is told of its role, by the CLI's own option. */
  role?: string;
  /** Its terminal record is shown without escape sequences (`--strip-ansi`). */
  isPlain?: true;
  /** Stand-in only: the scenario file it plays. */
  scenario?: string;
}

/** What a person can switch in a running team. */
export type TeamSwitch = "filter" | "verbose" | "echo" | "foreman";

export interface PatchStep {
  step: "apply" | "lint" | "test";
  /** The command as run; empty when none was found. */
  command: string;
  /** Exit code; null when there was nothing to run. */
  code: number | null;
  millis: number;
}

/** Everything that can ever happen. Past tense, additive, never edited. A `body` is stored beside the log. */
export type Fact =
  | BridgeFact
  | CadenceFact
  | ConfigFact
  | ErrandFact
  | LeadFact
  | LimitFact
  | JobFact
  | PushFact
  | QueueFact
  | TriggerFact
  | RfdFact
  | { type: "daemon.started"; pid: number; version: string }
  | { type: "agent.hired"; hire: Hire }
  | { type: "agent.changed"; agent: AgentId; activity: Activity; detail?: string }
  /** A person wants its program started again; `changes`: what of its hire is different from then on. */
  | { type: "agent.restarted"; agent: AgentId; changes: Partial<Hire> }
  /** It crashed too often: only a person starts it again. */
  | { type: "agent.abandoned"; agent: AgentId; incarnation: number }
  | { type: "agent.dismissed"; agent: AgentId; reason: string; completed?: boolean }
  | { type: "terminal.opening"; agent: AgentId; incarnation: number }
  | { type: "terminal.opened"; agent: AgentId; incarnation: number; pane: string; pid: number; log: string }
  | { type: "terminal.exited"; agent: AgentId; incarnation: number; code: number | null; signal: number | null }
  | { type: "terminal.lost"; agent: AgentId; incarnation: number; reason: string }
  /** What a program that ended by itself showed last: text of its last lines. */
  | { type: "terminal.captured"; agent: AgentId; incarnation: number; body: string }
  | { type: "session.started"; agent: AgentId; session: string; transcript?: string }
  /** The CLI has made its context smaller, by our command, a person's, or its own. */
  | { type: "session.compacted"; agent: AgentId }
  | { type: "usage.measured"; agent: AgentId; contextTokens: number; contextSize?: number; cost?: number }
  /** `reads`: the file, or the command naming one of an inbox, by which it read a letter. */
  | { type: "hook.heard"; agent: AgentId; event: string; tool?: string; row: number; reads?: string }
  /** Its prompt hook does not leave receipts any more: from now on nothing is typed twice to this run. */
  | { type: "hook.failed"; agent: AgentId; incarnation: number; reason: string }
  | {
      type: "job.created";
      job: JobId;
      agent: AgentId;
      mid: Mid;
      prompt: string;
      /** It fails when it takes longer. */
      timeoutMinutes?: number;
      /** What it may use; then its turn is ended, and it fails. */
      budget?: Budget;
      /** The control that clears the conversation before; the prompt waits for it. */
      clear?: string;
      /** Where in its agent's terminal record it begins, in bytes. */
      logFrom?: number;
    }
  | {
      type: "job.finished";
      job: JobId;
      outcome: "completed" | "failed" | "lost";
      reason: string;
      exitCode?: number | null;
    }
  | { type: "turn.started"; agent: AgentId }
  /** `limited`: a usage limit stopped it; it goes on later. */
  | { type: "turn.ended"; agent: AgentId; outcome: "done" | "failed" | "limited"; summary: string }
  | { type: "permission.asked"; agent: AgentId; question: string; tool: string; input: string }
  | {
      type: "permission.answered";
      agent: AgentId;
      question: string;
      choice: "allow" | "deny" | "withdrawn";
      reason?: string;
    }
  /** A person's key went into a dialog on the screen; `label`: what the dialog says of that key. */
  | { type: "dialog.pressed"; agent: AgentId; pressed: DialogKey; label: string }
  /** The answer reached the hook that waited (`ok`), or nobody waited any more. */
  | { type: "permission.told"; agent: AgentId; question: string; ok: boolean }
  | { type: "control.requested"; agent: AgentId; control: string; action: ControlAction }
  /** Its last key is pressed now: after a crash it is not pressed again. */
  | { type: "control.typed"; agent: AgentId; control: string }
  | {
      type: "control.finished";
      agent: AgentId;
      control: string;
      ok: boolean;
      reason: string;
      action?: ControlAction;
    }
  | {
      type: "message.queued";
      mid: Mid;
      from: Address;
      to: Address;
      /** `nudge`: a line that names letters which wait in the inbox; it is no letter itself. */
      kind: "prompt" | "letter" | "system" | "nudge";
      /** Position in the recipient's inbox; one counter per recipient. 0 for a person. */
      number: number;
      /** Letters of the whole text, in bytes of UTF-8. */
      size: number;
      preview: string;
      team?: TeamName;
      /** May be typed while the CLI is busy, where its driver says it queues. */
      urgent?: boolean;
      /** Messages which are delivered with this nudge. */
      covers?: Mid[];
      /** Idempotence key of its origin: a claimed file, a client's request. */
      origin?: string;
      body: string;
    }
  | { type: "message.stored"; mid: Mid; path: string }
  /** `isWithdrawn`: the last intent was not followed by a paste and does not count. */
  | { type: "message.waiting"; mid: Mid; reason: string; isWithdrawn?: boolean }
  | { type: "message.typing"; mid: Mid; attempt: number; incarnation: number; nextAt: Millis }
  | { type: "message.delivered"; mid: Mid; evidence: DeliveryEvidence }
  | { type: "message.uncertain"; mid: Mid; reason: string }
  | { type: "message.died"; mid: Mid; reason: string }
  | { type: "message.read"; mid: Mid }
  /** Its reader says that it cannot use it. */
  | { type: "message.nacked"; mid: Mid; reason: string }
  /** Given back, it lies in the inbox of its reader again. */
  | { type: "message.restored"; mid: Mid }
  /** Its reader wrote back. */
  | { type: "message.answered"; mid: Mid; answer: Mid }
  /** Kept back by a rule of the team; `until`: it is let go by itself then. */
  | { type: "message.held"; mid: Mid; rule: HoldRule; reason: string; until?: Millis }
  | { type: "message.released"; mid: Mid }
  | { type: "letter.refused"; team: TeamName; seat: string; file: string; reason: string }
  /** Somebody else than Muster put a file into an inbox. */
  | { type: "letter.found"; team: TeamName; seat: string; file: string }
  | { type: "team.formed"; team: TeamName; topology: Topology; repo: string; seats: Seat[] }
  | { type: "team.stopped"; team: TeamName; reason: string }
  | { type: "team.paused"; team: TeamName }
  | { type: "team.resumed"; team: TeamName }
  /** A person turned a switch while the team runs; it wins over the settings files. */
  | { type: "team.tuned"; team: TeamName; switch: TeamSwitch; isOn: boolean }
  /** A person wants the board looked after, with a hint where to. */
  | { type: "team.focused"; team: TeamName; hint: string }
  /** What its settings files say from now on: only what differs from the defaults. */
  | { type: "settings.loaded"; team: TeamName; hash: string; changes: SettingsChanges; warnings: string[] }
  /** Its settings files are wrong; the old settings stay. */
  | { type: "settings.refused"; team: TeamName; hash: string; errors: string[] }
  | {
      type: "patch.received";
      patch: string;
      team: TeamName;
      author: AgentId;
      title: string;
      sha: string;
      lines: number;
      paths: string[];
      mid?: Mid;
      /** Idempotence key of its source, as for messages. */
      origin?: string;
      body: string;
    }
  /** It waits: somebody else's lock, a pause. */
  | { type: "patch.waiting"; patch: string; reason: string }
  /** An approved exception takes the refused patch up again, under the stricter gate. */
  | { type: "patch.reopened"; patch: string; rfd: string }
  | { type: "patch.stepped"; patch: string; step: PatchStep; body: string }
  | { type: "patch.refused"; patch: string; kind: string; reason: string; body: string }
  | { type: "patch.committed"; patch: string; commit: string; branch: string; steps: PatchStep[] }
  /** A letter names something that Muster can check. */
  | { type: "evidence.cited"; mid: Mid; team: TeamName; author: AgentId; ref: string }
  | { type: "evidence.judged"; mid: Mid; ref: string; verdict: "verified" | "claimed" | "refuted"; detail: string }
  /** `digests`: one for each file, so that a later change can be named. */
  | { type: "repository.reviewed"; repo: string; hash: string; files: string[]; digests?: string[] }
  | { type: "repository.trusted"; repo: string; hash: string }
  /** A person has allowed full access there, in words. */
  | { type: "repository.permitted"; repo: string }
  | BoardFact
  | { type: "notice.raised"; level: "info" | "warning" | "error"; text: string; about?: string }
  /** A person has seen everything that was told up to a fact, and single ones after it. */
  | { type: "notice.read"; upTo: Seq; ids: Seq[] };

export type ControlAction = "clear" | "compact" | "interrupt" | "exit";

export type FactType = Fact["type"];
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;

/** A fact in the log. `body` is present only where it was just appended; afterwards it is asked of the log. */
export type Event<T extends FactType = FactType> = FactOf<T> & {
  seq: Seq;
  at: Millis;
  by: Address;
  /** The fact that made a rule send the command behind this one. */
  cause?: Seq;
};
