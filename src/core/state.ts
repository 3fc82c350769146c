import type { Boards } from "./boards/boards-state.ts";
import type { Bridges } from "./bridges/bridges-state.ts";
import type { Rhythm } from "./cadence/state.ts";
import type { ConfigChanges } from "./config/state.ts";
import type { Errands } from "./errands/errands-state.ts";
import type {
  Activity,
  ControlAction,
  DeliveryEvidence,
  FactOf,
  Hire,
  HoldRule,
  PatchStep,
  Seat,
  TeamSwitch,
  Topology,
} from "./facts.ts";
import type { Gist } from "./gist.ts";
import type { Address, AgentId, JobId, Mid, Millis, Seq, TeamName } from "./ids.ts";
import type { JobCourse } from "./jobs/state.ts";
import type { Lead } from "./lead/state.ts";
import type { Notice, ReadNotices } from "./notices.ts";
import type { Pushes } from "./push/push-state.ts";
import { noQueue, type Queue } from "./queue/state.ts";
import type { Lock, Rfd } from "./rfd/state.ts";
import type { Settings } from "./settings/settings.ts";
import { noTriggers, type Triggers } from "./triggers/state.ts";
import type { TrustedRepository } from "./trusted-repository.ts";

export interface Usage {
  contextTokens: number;
  contextSize?: number;
  cost?: number;
}

export interface Agent {
  hire: Hire;
  activity: Activity;
  detail: string;
  since: Millis;
  hiredAt: Millis;
  /** When its first terminal was wanted; it may have waited for others until then. */
  openedAt?: Millis;
  /** It crashed too often, and waits for a person. */
  isAbandoned?: boolean;
  /** A person wants its program started again. */
  isRestarting?: boolean;
  /** Counts the CLI's processes of this agent; 0 = never opened. */
  incarnation: number;
  /** An intent without a result: the daemon died between asking tmux and hearing back. */
  opening: boolean;
  pane?: string;
  pid?: number;
  log?: string;
  session?: string;
  transcript?: string;
  /** Newest first; a clear begins another one, and a prompt may stand in the one before. */
  transcripts: string[];
  usage?: Usage;
  /** The run whose prompt hook does not work. */
  unhooked?: number;
  /** Last tool named by a hook, while a turn runs. */
  tool?: string;
  turns: number;
  exit?: { code: number | null; signal: number | null };
  /** The fact whose body is what the program showed before it ended, and of which run. */
  lastScreen?: { seq: Seq; incarnation: number };
  dismissed?: { reason: string; completed: boolean };
  /** The open dialog, if its CLI asked Muster; `isShown`: it was seen to wait since then. */
  question?: { id: string; tool: string; input: string; isShown?: true };
  /** When the waiting began that was last taken for a question's: it is no other's. */
  shownAt?: Millis;
  /** A person's answer on its way to the hook that waits. */
  answer?: { question: string; choice: "allow" | "deny"; reason: string };
  /** A usage limit of its account stopped it. */
  limit?: { until: Millis; isKnown: boolean; isPassed?: true };
  /** `session`: the conversation that a clear is to end. */
  controls: { id: string; action: ControlAction; isTyped?: boolean; session?: string }[];
  /** When the last processes of this agent ended by themselves; limits restarts. */
  crashes: Millis[];
  /** Latest job. */
  job?: JobId;
  /** Its files are being removed. */
  isDiscarded?: true;
}

export interface Job extends JobCourse {
  id: JobId;
  agent: AgentId;
  mid: Mid;
  prompt: string;
  createdAt: Millis;
  startedAt?: Millis;
  finishedAt?: Millis;
  outcome?: "completed" | "failed" | "lost";
  reason: string;
  exitCode?: number | null;
  summary: string;
}

export type MessageState = "queued" | "typing" | "delivered" | "uncertain" | "dead";

export interface Message {
  mid: Mid;
  seq: Seq;
  at: Millis;
  from: Address;
  to: Address;
  kind: FactOf<"message.queued">["kind"];
  number: number;
  size: number;
  preview: string;
  team?: TeamName;
  urgent: boolean;
  state: MessageState;
  /** Why it is not there yet, or why it died. */
  reason: string;
  attempt: number;
  incarnation: number;
  nextAt: Millis;
  /** When it was typed for the first time. */
  typedAt?: Millis;
  deliveredAt?: Millis;
  path?: string;
  evidence?: DeliveryEvidence;
  isRead: boolean;
  /** How often its reader gave it back; the first time it is put into the inbox again. */
  nacks?: number;
  isRestored?: boolean;
  /** The message by which its reader answered. */
  answer?: Mid;
  /** Messages which are delivered with this nudge. */
  covers?: Mid[];
  /** Kept back by a rule of the team. */
  held?: { rule: HoldRule; reason: string; until?: Millis };
}

export interface Team {
  name: TeamName;
  topology: Topology;
  repo: string;
  seats: Seat[];
  formedAt: Millis;
  stopped?: string;
  settings: Settings;
  /** Of the settings files that were read last, also of refused ones. */
  settingsHash?: string;
  /** What is wrong in them, with file and line. */
  problems: string[];
  paused?: { at: Millis; by: Address };
  /** Handoffs between peers since the last new evidence, patch or decision (P33). */
  quiet: number;
  /** Authors of Counters since then, in turn. */
  counters: AgentId[];
  /** What a person switched while it runs. */
  switches: Partial<Record<TeamSwitch, boolean>>;
  /** How sure each member said it was, last (0 to 1). */
  confidence: Record<AgentId, number>;
  /** The newest letters between its members, to know a repetition by. */
  recent: Gist[];
  locks: Lock[];
  tree?: {
    head: string;
    unqueued: { path: string; agent?: AgentId }[];
    commits: { id: string; subject: string }[];
  };
}

export interface Patch {
  id: string;
  team: TeamName;
  author: AgentId;
  title: string;
  sha: string;
  lines: number;
  paths: string[];
  mid?: Mid;
  seq: Seq;
  at: Millis;
  state: "queued" | "refused" | "committed";
  /** The approved exception under which it is proven. */
  rfd?: string;
  steps: PatchStep[];
  kind?: string;
  reason?: string;
  commit?: string;
}

/** A reference of a letter and what Muster found when it looked. */
export interface Evidence {
  mid: Mid;
  team: TeamName;
  author: AgentId;
  ref: string;
  at: Millis;
  verdict?: FactOf<"evidence.judged">["verdict"];
  detail?: string;
}

/** Everything Muster knows, folded from the log. Plain JSON: the browser folds the same. */
export interface State {
  seq: Seq;
  version: string;
  agents: Record<AgentId, Agent>;
  /** Those about which something may still have to be done. */
  living: Record<AgentId, true>;
  jobs: Record<JobId, Job>;
  /** Open messages and the newest closed ones. */
  messages: Record<Mid, Message>;
  /** Closed messages in closing order: the oldest leave `messages` in time. */
  closed: Mid[];
  /** Every message id and origin key ever accepted: intake is idempotent. */
  accepted: Record<string, true>;
  /** Last inbox number per recipient. */
  numbers: Record<Address, number>;
  teams: Record<TeamName, Team>;
  patches: Record<string, Patch>;
  /** Where members of teams stand in their rhythm. */
  rhythms: Record<AgentId, Rhythm>;
  rfds: Record<string, Rfd>;
  /** What stands on the boards of each team's repository. */
  boards: Record<TeamName, Boards>;
  /** Numbers of the SUBPORs that Muster made, by repository. */
  sheetNumbers: Record<string, number[]>;
  /** Chats, and who may do what there. */
  bridges: Bridges;
  /** Runs of CLIs without a terminal. */
  errands: Errands;
  /** The leads there are or were, by their agents. */
  leads: Record<AgentId, Lead>;
  /** Work that waits for an agent. */
  queue: Queue;
  triggers: Triggers;
  /** A person's devices, and what they were told. */
  pushes: Pushes;
  /** What the home's own settings file says. */
  config: ConfigChanges;
  /** The newest references of letters, by evidenceKey. */
  evidence: Record<string, Evidence>;
  repositories: Record<string, TrustedRepository>;
  notices: Notice[];
  noticesRead: ReadNotices;
  /** Newest row of the hook table whose facts are in the log. */
  hookRow: number;
}

/** Closed messages kept in memory for the page, and at most twice as many; older ones are in the log. */
export const CLOSED_KEPT = 500;
export const NOTICES_KEPT = 100;
export const EVIDENCE_KEPT = 500;
/** Letters of a team that the next one is compared with. */
export const RECENT_KEPT = 20;

export const evidenceKey = ({ mid, ref }: { mid: Mid; ref: string }): string => `${mid} ${ref}`;

/** A table that holds nothing but its entries: an id such as `constructor` would find what every object inherits. */
export const table = <T>(entries: [string, T][] = []): Record<string, T> =>
  Object.assign(Object.create(null), Object.fromEntries(entries));

export const emptyState = (): State => ({
  seq: 0,
  version: "",
  agents: table(),
  living: table(),
  jobs: table(),
  messages: table(),
  closed: [],
  accepted: table(),
  numbers: table(),
  teams: table(),
  patches: table(),
  rhythms: table(),
  rfds: table(),
  boards: table(),
  sheetNumbers: table(),
  bridges: { codes: table(), chats: table(), wanted: table(), running: table() },
  errands: { all: table(), foremen: table() },
  leads: table(),
  queue: noQueue(),
  triggers: noTriggers(),
  pushes: { devices: table(), told: table(), open: table() },
  config: {},
  evidence: table(),
  repositories: table(),
  notices: [],
  noticesRead: { upTo: 0, ids: [] },
  hookRow: 0,
});

export const isOpen = (message: Message): boolean => message.state === "queued" || message.state === "typing";

/** Has a program that may still be running. */
export const isAlive = (agent: Agent): boolean =>
  agent.pane !== undefined && agent.activity !== "exited" && agent.activity !== "lost";

/** The name agents know an address by: a seat, else the address itself (`user`, `system`, an agent's id). */
export const addressName = (state: State, address: Address): string => state.agents[address]?.hire.seat ?? address;
