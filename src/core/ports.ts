import type { Activity, Event, Fact, Hire, PatchStep, Permission } from "./facts.ts";
import type { Address, AgentId, Mid, Millis, Seq } from "./ids.ts";
import type { TranscriptEntry } from "./jobs/account.ts";
import type { BudgetUnit } from "./jobs/budget.ts";

export interface Clock {
  now(): Millis;
  /** Milliseconds that never go back; comparable only inside one process. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** `digits` lower-case hex digits. */
  hex(digits: number): string;
}

/** The append-only log. Bodies are stored beside their fact and are not in what `read` returns. */
export interface Log {
  /** Runs `work` in one write transaction; a throw undoes all of it. */
  transaction<T>(work: () => T): T;
  append(facts: Fact[], at: Millis, by: Address, cause?: Seq): Event[];
  /** Facts with seq > after, oldest first. */
  read(after: Seq, limit?: number): Event[];
  /** Facts about one subject (agent, message, team, patch), newest last. */
  about(subject: string, limit?: number): Event[];
  /** The newest facts, oldest of them first. */
  tail(limit: number): Event[];
  /** The body of a fact; undefined when it had none. */
  body(seq: Seq): string | undefined;
  close(): void;
}

// ---------------------------------------------------------------- terminals

/** Position in a terminal's byte log. */
export type Offset = number;

export interface TerminalOrder {
  agent: AgentId;
  incarnation: number;
  argv: string[];
  /** The whole environment of the program, except what tmux itself sets. */
  env: Record<string, string>;
  cwd: string;
  cols: number;
  rows: number;
}

export interface OpenTerminal {
  /** tmux pane id, `%N`. */
  pane: string;
  /** Process id of the program itself. */
  pid: number;
  /** Path of the byte log. */
  log: string;
}

export interface PaneStatus {
  agent: AgentId;
  incarnation: number;
  pane: string;
  pid: number;
  isDead: boolean;
  code: number | null;
  signal: number | null;
  /** The byte log is being written. */
  isPiped: boolean;
}

export interface Screen {
  /** Visible lines with SGR sequences, right-trimmed. */
  ansi: string[];
  /** The same without any escape sequence. */
  plain: string[];
  cursor: { x: number; y: number };
  title: string;
  cols: number;
  rows: number;
  /** Bytes written to the program's terminal which it has not read yet; null where this cannot be asked. */
  unread: number | null;
}

/** One key press: a named key of tmux (`Enter`, `Escape`, `C-u`) or literal text. */
export type Key = { key: "Enter" | "Escape" | "C-u" | "C-c" | "Up" | "Down" } | { text: string };

export interface Terminals {
  /** Creates the pane and its byte log in one tmux command. */
  open(order: TerminalOrder): Promise<OpenTerminal>;
  /** All panes of Muster's own server. */
  list(): Promise<PaneStatus[]>;
  screen(pane: string): Promise<Screen>;
  /** New bytes of a log from `offset` on, until the signal aborts. */
  watch(log: string, offset: Offset, signal: AbortSignal): AsyncIterable<{ offset: Offset; bytes: Uint8Array }>;
  /** One bracketed paste by a private buffer. The text must already be `visible`. */
  paste(pane: string, text: string): Promise<void>;
  press(pane: string, keys: Key[]): Promise<void>;
  resize(pane: string, cols: number, rows: number): Promise<void>;
  /** Ends the program's process group and the pane. Harmless when both are gone. */
  close(pane: string): Promise<void>;
}

// ---------------------------------------------------------------- drivers

/** What a CLI told about itself, before the driver reads it. */
export type Signal =
  | { from: "hook"; event: string; payload: Record<string, unknown> }
  /** The CLI's own state record (Claude Code: sessions/PID.json). */
  | { from: "record"; record: Record<string, unknown> }
  /** The status-line JSON. */
  | { from: "status"; payload: Record<string, unknown> };

/** What a signal means. Only what it says is set. */
export interface Reading {
  activity?: Activity;
  detail?: string;
  session?: string;
  transcript?: string;
  /** Exact text of a prompt that the CLI took. */
  prompt?: string;
  tool?: string;
  turn?: "started" | "done" | "failed";
  summary?: string;
  question?: { tool: string; input: string };
  usage?: { contextTokens: number; contextSize?: number; cost?: number };
  /** Its context was made smaller. */
  isCompacted?: boolean;
  /** What it has read, where that may be a letter. */
  reads?: string;
}

/** What a driver sees on the screen; content never comes from here, only whether one may type. */
export interface Glance {
  /** Text in the composer without placeholder; null = the composer is not visible. */
  composer: string | null;
  /** A dialog that takes keys is open. */
  isDialog: boolean;
}

/** One line of a transcript: a prompt which the model got. */
export interface TranscriptPrompt {
  text: string;
}

export interface Launch {
  argv: string[];
  env: Record<string, string>;
  /** Files that must exist before the start, relative to the agent's own folder (0600; `isProgram`: 0700). */
  files: { path: string; text: string; isProgram?: boolean }[];
}

/** Where an agent's own files are; all absolute. */
export interface Place {
  /** The agent's own folder under MUSTER_HOME, private. */
  folder: string;
  /** Folder of this incarnation's receipts. */
  receipts: string;
  /** Receipts already confirmed by a transcript, of all incarnations. */
  seen: string;
  /** Where hooks drop their payloads. */
  spool: string;
  /** Folder of the letters the agent may have to read. */
  letters: string;
  /** The user's home folder. */
  home: string;
  /** Where the user keeps this CLI's configuration, if not at its usual place (CLAUDE_CONFIG_DIR). */
  configuration?: string;
  /** Unix socket of the daemon, for hooks that must be answered. */
  socket: string;
  /** The command that starts Muster itself, for relays and the stand-in. */
  muster: string[];
}

export interface Abilities {
  /** Does Enter while busy queue the prompt? */
  queuesWhileBusy: boolean;
  /** What proves that a prompt was taken. */
  receipt: "hook" | "transcript" | "none";
  /** In words, for each level: the mechanism that enforces it; null = this driver cannot. */
  permissions: Record<Permission, string | null>;
  canResume: boolean;
  /** What budgets can be kept: what its CLI tells of its use; absent = nothing. */
  budgets?: readonly BudgetUnit[];
  /** Longest text that may be typed whole: in lines and characters. */
  typed: { lines: number; chars: number };
  /** Typed commands of the CLI. */
  clear?: string;
  compact?: string;
  exit?: string;
}

/** What knows one brand of CLI. Pure. */
export interface Driver {
  name: string;
  /** The program it starts, and how a person installs it; absent = built in. */
  program?: { name: string; install: string };
  abilities: Abilities;
  /** `resume` = the session to continue after a crash. */
  launch(hire: Hire, place: Place, resume?: string): Launch;
  /** null = says nothing. */
  hear(signal: Signal): Reading | null;
  read(screen: Screen): Glance;
  /** A prompt that reached the model, if this line of the transcript is one. */
  transcript(line: string): TranscriptPrompt | null;
  /** What else a line of the transcript holds of the conversation; null = nothing. */
  entry?(line: string): TranscriptEntry | null;
  /** Where a sub-agent of a conversation has its own transcript; undefined = no such id can be. */
  subagentFile?(transcript: string, id: string): string | undefined;
  /** Path of the CLI's own state record, where it keeps one. */
  record?(place: Place, pid: number): string;
  /** Dialog answer for a hook that waits for it. */
  answer?(choice: "allow" | "deny", reason: string): Record<string, unknown>;
}

// ---------------------------------------------------------------- mailbox, evidence

export type Box = "to_peer" | "to_user" | "to_aux" | "patch";

/** A file which an agent wrote for somebody, claimed: nobody else has it, and it waits in the claims until it is done. */
export interface FoundLetter {
  /** Idempotence key: unique per claimed file; of a file with a name of its own also `#` and its content. */
  origin: string;
  /** When it was claimed. */
  at: Millis;
  seat: string;
  /** The name it had. */
  file: string;
  box: Box;
  text: string;
  /** How its bytes were read; anything but `utf-8` is said to its author. */
  encoding: string;
  /** Removes the claimed file, once the log has its text. */
  done(): Promise<void>;
  /** Moves it to the refused files instead. */
  refuse(reason: string): Promise<void>;
}

export interface RefusedFile {
  seat: string;
  file: string;
  reason: string;
}

/** One look into a mailbox. */
export interface Claims {
  /** Letters complete at this moment, oldest first; incomplete ones stay. */
  letters: FoundLetter[];
  /** Files that are no letters; they were moved away. */
  refused: RefusedFile[];
  /** Files that somebody put into an inbox, each told once. */
  found: { seat: string; file: string }[];
  /** Messages whose inbox file the agent itself filed since the last look. */
  filed: { seat: string; mid: Mid }[];
  /** Look again after so many milliseconds: something is not complete yet, or more waits. */
  again?: number;
}

/** The mailbox of one team in its repository. */
export interface Mailbox {
  claim(): Promise<Claims>;
  /** Keeps a judged patch beside the read letters. Writing the same again is harmless. */
  archive(seat: string, name: string, text: string): Promise<void>;
  /** Calls `wake` when something changed; stops with the signal. */
  watch(wake: () => void, signal: AbortSignal): void;
}

export interface PatchOrder {
  repo: string;
  /** `P-0007`. */
  patch: string;
  mid: Mid;
  /** Whose patch it is, as the commit says. */
  seat: string;
  title: string;
  diff: string;
  /** Both peers and the user approved it: the stricter gate holds. */
  isException?: boolean;
}

export interface PatchProgress {
  step: PatchStep;
  output: string;
}

export type PatchVerdict =
  | { ok: true; commit: string; branch: string; steps: PatchStep[]; notice?: string }
  | { ok: false; kind: string; reason: string; output: string };

/** Proves patches in a scratch worktree and commits what passed; the user's files change last, and only if untouched. */
export interface PatchLine {
  /** One at a time per repository. A commit that already happened is found again, never repeated. */
  run(order: PatchOrder, tell: (progress: PatchProgress) => void, signal: AbortSignal): Promise<PatchVerdict>;
  /** Checks a reference of a letter: `commit:`, `cmd:...::OK`, `log:path#L1-9`. */
  judge(repo: string, ref: string, signal: AbortSignal): Promise<Judgement>;
}

export interface Judgement {
  verdict: "verified" | "claimed" | "refuted";
  detail: string;
}
