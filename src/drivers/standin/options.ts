import { basename, dirname, join, resolve } from "node:path";
import type { Permission } from "../../core/facts.ts";
import { Refusal } from "../../core/refusal.ts";

/** How the stand-in was started. */
export interface Options {
  settings?: string;
  scenario?: string;
  session?: string;
  resume?: string;
  /** Folder of `sessions/PID.json` and `transcripts/ID.jsonl`. */
  state: string;
  permission: Permission;
  /** `PeerA`, `PeerB`. */
  seat: string;
  /** The seat's mailbox folder: `to_peer.md`, `out/`, `patch.diff`, `inbox/`, `processed/`. */
  mailbox: string;
  /** Files below it that a prompt names are read. */
  letters?: string;
  model: string;
  effort: string;
  /** Size of the context window in tokens. */
  context: number;
  /** Silence before the first frame, in milliseconds. */
  boot: number;
  /** Every command it runs is asked about first. */
  asks: boolean;
  /** One prompt from standard input, without a terminal. */
  prints: boolean;
  cwd: string;
}

const PERMISSIONS: Permission[] = ["read-only", "workspace-write", "danger-full-access"];
const VALUES = new Set(
  "settings scenario session-id resume state permission seat mailbox letters model effort context boot-ms".split(" "),
);

const USAGE =
  "muster standin [--settings FILE] [--scenario FILE] [--session-id ID | --resume ID] [--state DIR] [--permission LEVEL] " +
  "[--seat NAME] [--mailbox DIR] [--letters DIR] [--model NAME] [--effort LEVEL] [--context TOKENS] [--boot-ms N] [--ask] [--print]";

function flags(argv: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; index < argv.length; index++) {
    const [name = "", inline] = (argv[index] ?? "").replace(/^--/, "").split(/=(.*)/s);
    if (argv[index] === "--ask" || argv[index] === "--print") found.set(name, "yes");
    else if (argv[index]?.startsWith("--") && VALUES.has(name)) found.set(name, inline ?? argv[++index] ?? "");
    else throw new Refusal("usage", `standin does not know ${argv[index]}`, USAGE);
  }
  return found;
}

const count = (text: string | undefined, fallback: number): number => {
  const value = Number(text ?? fallback);
  if (!Number.isFinite(value) || value < 0) throw new Refusal("usage", `not a number: ${text}`, USAGE);
  return value;
};

/** The mailbox of a seat: beside its inbox where one was named, else in the repository. */
function mailboxOf(letters: string | undefined, cwd: string, seat: string): string {
  if (letters && basename(letters) === "inbox") return dirname(letters);
  return join(cwd, ".muster", "mailbox", seat.charAt(0).toLowerCase() + seat.slice(1));
}

export function optionsOf(argv: string[], env: Record<string, string | undefined>, cwd: string): Options {
  const found = flags(argv);
  const permission = (found.get("permission") ?? "workspace-write") as Permission;
  if (!PERMISSIONS.includes(permission)) {
    throw new Refusal("usage", `not a permission: ${permission}`, PERMISSIONS.join(", "));
  }
  const seat = found.get("seat") ?? env.MUSTER_SEAT ?? "PeerA";
  const letters = found.get("letters");
  return {
    settings: found.get("settings"),
    scenario: found.get("scenario") ?? env.MUSTER_SCENARIO,
    session: found.get("session-id"),
    resume: found.get("resume"),
    state: resolve(cwd, found.get("state") ?? env.MUSTER_STANDIN_STATE ?? join(env.HOME ?? cwd, ".standin")),
    permission,
    seat,
    mailbox: resolve(cwd, found.get("mailbox") ?? env.MUSTER_MAILBOX ?? mailboxOf(letters, cwd, seat)),
    letters: letters && resolve(cwd, letters),
    model: found.get("model") ?? "stand-in",
    effort: found.get("effort") ?? "medium",
    context: count(found.get("context"), 200_000),
    boot: count(found.get("boot-ms") ?? env.MUSTER_STANDIN_BOOT_MS, 0),
    asks: found.has("ask"),
    prints: found.has("print"),
    cwd,
  };
}
