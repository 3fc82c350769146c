import type { HookEvent } from "../core/api.ts";
import type { CliFolder, CliFound, CliHome, CliText } from "../core/cli-home.ts";
import type { HistoryDesk } from "../core/history/port.ts";
import type { Clock, Log, Offset, Terminals } from "../core/ports.ts";
import type { FileEdit, Premises, UpgradedFile } from "../core/premises.ts";
import type { Agent } from "../core/state.ts";
import type { BoardOperations } from "../engine/boards/operations.ts";
import type { ChatDesk } from "../engine/bridges/desk.ts";
import type { BridgeRoster } from "../engine/bridges/roster.ts";
import type { Console } from "../engine/console/console.ts";
import type { DialogDesk } from "../engine/dialogs.ts";
import type { Engine } from "../engine/engine.ts";
import type { ErrandDesk } from "../engine/errands/desk.ts";
import type { EvidenceDesk } from "../engine/errands/evidence.ts";
import type { JobAccounts } from "../engine/jobs/accounts.ts";
import type { JobDesk } from "../engine/jobs/desk.ts";
import type { Sessions } from "../engine/jobs/sessions.ts";
import type { WorktreeDesk } from "../engine/jobs/worktrees.ts";
import type { LeadDesk } from "../engine/lead/operations.ts";
import type { Leases } from "../engine/leases.ts";
import type { Operations } from "../engine/operations.ts";
import type { PushDesk } from "../engine/push/desk.ts";
import type { QueueDesk } from "../engine/queue/desk.ts";
import type { Reactors } from "../engine/reactor.ts";
import type { Tokens } from "./tokens.ts";

/** The byte logs of terminals, by agent. */
export interface OutputLogs {
  /** Absolute path; the file need not exist. */
  pathOf(agent: Agent): string;
  size(path: string): Offset;
  read(path: string, from: Offset, to: Offset): Uint8Array;
}

/** The page's files, by path; `shell` is its document with a place for the nonce. */
export interface Page {
  shell(nonce: string): string;
  asset(name: string): Blob | undefined;
}

/** The folder of a CLI in the person's home, read only; each throws Withheld for what is never served. */
export interface CliHomeDesk {
  overview(): CliHome;
  list(path: string): CliFolder;
  read(path: string, from: number): CliText;
  search(words: string): Promise<CliFound>;
}

/** Looks at repositories before teams start there, and changes their settings files. */
export interface PremisesDesk {
  look(repo: string): Promise<Premises>;
  write(repo: string, edits: FileEdit[]): Promise<void>;
  /** Adds what settings lack; `isDry`: only says what it would add. */
  upgrade(repo: string, isDry: boolean): Promise<UpgradedFile[]>;
  /** Empties what teams left; refused while one runs there. */
  reset(repo: string, archive: boolean): Promise<{ purged: string[]; archived: string[] }>;
}

/** What the routes need of a daemon, and nothing else. */
export interface ServerParts {
  engine: Engine;
  operations: Operations;
  boards: Pick<BoardOperations, "view" | "text" | "init" | "sync" | "newSheet">;
  premises: PremisesDesk;
  cliHome: CliHomeDesk;
  console: Pick<Console, "execute">;
  dialogs: Pick<DialogDesk, "look" | "press">;
  errands: Pick<ErrandDesk, "askFor">;
  evidence: Pick<EvidenceDesk, "run">;
  queue: Pick<QueueDesk, "add">;
  lead: Pick<LeadDesk, "start" | "stop" | "inject">;
  jobs: Pick<JobDesk, "preview" | "reuse" | "discard" | "clean" | "order">;
  sessions: Pick<Sessions, "rows" | "adopt" | "kill">;
  worktrees: Pick<WorktreeDesk, "look" | "merge" | "discard">;
  accounts: Pick<JobAccounts, "session" | "usage">;
  history: HistoryDesk;
  reactors: Pick<Reactors, "doing">;
  bridges: { desk: Pick<ChatDesk, "pair">; roster: Pick<BridgeRoster, "rows" | "start" | "stop"> };
  push: Pick<PushDesk, "rows" | "key" | "add" | "remove" | "test">;
  log: Pick<Log, "read" | "about" | "tail" | "body">;
  clock: Clock;
  leases: Leases;
  terminals: Pick<Terminals, "screen" | "watch" | "press" | "resize"> & {
    /** The last lines of a pane, its scrollback included. */
    history(pane: string, lines: number): Promise<string[]>;
  };
  output: OutputLogs;
  hooks(filter: { agent?: string; job?: string; limit: number }): HookEvent[];
  tokens: Tokens;
  /** What a terminal must run to enter an agent or a team's window. */
  attachArgv(name: string): Promise<string[]>;
  /** Loads the page on its first request; nobody who never opens it pays for it. */
  page(): Promise<Page>;
  /** `agents`: they end as well, and their terminals. */
  shutdown(agents: boolean): void;
  /** Where browsers reach this server, e.g. `http://127.0.0.1:3131`. */
  address(): string;
  version: string;
  home: string;
}
