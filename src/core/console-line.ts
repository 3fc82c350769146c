import { nearest } from "./nearest.ts";
import { Refusal } from "./refusal.ts";

/** What somebody must be allowed to do for a console line; a person at this machine may do all of it. */
export type ConsoleRight = "read" | "talk" | "operate" | "approve";
/** Whom a line speaks to. */
export type Route = "a" | "b" | "both";

/** What may stand at one place behind a command: these words, or an id of this kind. */
export type ConsoleArgument = readonly string[] | "task" | "rfd" | "message" | "any" | "asker";

export interface ConsoleCommand {
  /** With the slash, as a person types it. */
  usage: string;
  help: string;
  right: ConsoleRight;
  /** With one of these first words it only reads; `""` = without a word. */
  readsWith?: readonly string[];
  /** What stands behind it, one place after the other; for completion, and fixed words are required. */
  takes: readonly ConsoleArgument[];
  /** Least number of words. */
  needs: number;
  /** Its words are one text. */
  isText?: boolean;
  /** Carried out where it is typed; the daemon never sees it. */
  isLocal?: boolean;
}

const ON_OFF = ["on", "off"] as const;

/** Every command of a console, in the order in which help shows them (3.18). */
export const CONSOLE_COMMANDS = {
  pause: { usage: "/pause", help: "hold every delivery", right: "operate", takes: [], needs: 0 },
  resume: { usage: "/resume", help: "deliver again", right: "operate", takes: [], needs: 0 },
  restart: {
    usage: "/restart peera|peerb|both",
    help: "start a peer's program again",
    right: "operate",
    takes: [["peera", "peerb", "both"]],
    needs: 1,
  },
  foreman: {
    usage: "/foreman on|off|status|now",
    help: "the user proxy on a timer",
    right: "operate",
    readsWith: ["status"],
    takes: [["on", "off", "status", "now"]],
    needs: 1,
  },
  aux: { usage: "/aux PROMPT", help: "ask the helper once", right: "operate", takes: [], needs: 1, isText: true },
  review: { usage: "/review", help: "bundle for a review, both reminded", right: "operate", takes: [], needs: 0 },
  focus: {
    usage: "/focus [HINT]",
    help: "ask for an update of the board",
    right: "operate",
    takes: [],
    needs: 0,
    isText: true,
  },
  reset: {
    usage: "/reset compact|clear",
    help: "shorten or empty the peers' contexts",
    right: "operate",
    takes: [["compact", "clear"]],
    needs: 1,
  },
  refresh: { usage: "/refresh", help: "send the whole SYSTEM again", right: "operate", takes: [], needs: 0 },
  status: { usage: "/status", help: "how the team is", right: "read", takes: [], needs: 0 },
  queue: { usage: "/queue", help: "what waits to be delivered or proven", right: "read", takes: [], needs: 0 },
  locks: { usage: "/locks", help: "files that a peer works on", right: "read", takes: [], needs: 0 },
  task: {
    usage: "/task [ID|done|active|blocked] [--limit N]",
    help: "the plan, or one task",
    right: "read",
    takes: ["task"],
    needs: 0,
  },
  verbose: {
    usage: "/verbose on|off",
    help: "peers' summaries in the chats",
    right: "operate",
    takes: [ON_OFF],
    needs: 1,
  },
  filter: {
    usage: "/filter on|off|status",
    help: "hold back letters that say nothing",
    right: "operate",
    readsWith: ["status"],
    takes: [["on", "off", "status"]],
    needs: 1,
  },
  rfd: {
    usage: "/rfd [ID approve|reject|ask]",
    help: "open decisions, or decide one",
    right: "approve",
    readsWith: [""],
    takes: ["rfd", ["approve", "reject", "ask"]],
    needs: 0,
  },
  release: { usage: "/release MID", help: "deliver a held letter", right: "approve", takes: ["message"], needs: 1 },
  allow: {
    usage: "/allow PEER",
    help: "yes to a peer's permission question",
    right: "approve",
    takes: ["asker"],
    needs: 1,
    isLocal: true,
  },
  deny: {
    usage: "/deny PEER [REASON]",
    help: "no to it",
    right: "approve",
    takes: ["asker"],
    needs: 1,
    isLocal: true,
  },
  why: { usage: "/why ID [BEAT]", help: "why something did not happen", right: "read", takes: ["any"], needs: 1 },
  echo: { usage: "/echo on|off", help: "peers' output in the log pane", right: "operate", takes: [ON_OFF], needs: 1 },
  paste: {
    usage: "/paste",
    help: "attach the image of the clipboard",
    right: "talk",
    takes: [],
    needs: 0,
    isLocal: true,
  },
  help: { usage: "/help", help: "this list", right: "read", takes: [], needs: 0, isLocal: true },
  quit: { usage: "/quit", help: "leave; the team works on", right: "read", takes: [], needs: 0, isLocal: true },
} as const satisfies Record<string, ConsoleCommand>;

export type ConsoleCommandName = keyof typeof CONSOLE_COMMANDS;

/** Other words for a command. */
const ALIASES: Record<string, ConsoleCommandName> = { c: "aux", h: "help", q: "quit" };

/** One line of a console, understood. `isUnrouted`: it named nobody, and whoever typed it should see where it goes. */
export type ConsoleLine =
  | { kind: "say"; to: Route; text: string; isUnrouted: boolean }
  | { kind: "keys"; to: "a" | "b"; text: string }
  | { kind: "command"; name: ConsoleCommandName; words: string[]; rest: string };

export interface ConsoleSetting {
  isSolo: boolean;
  /** Where a text without a prefix goes. */
  defaultRoute: Route;
}

const WAYS = "a: TEXT, b: TEXT or both: TEXT";
const ROUTES: Record<string, Route> = { a: "a", b: "b", both: "both", u: "both" };

const usage = (message: string, hint: string): Refusal => new Refusal("usage", message, hint);

const single = (): Refusal => usage("Single-peer mode, use /a", "a: TEXT speaks to the one peer");

/** In a team of one everything is for that one; PeerB by name is a mistake. */
function routed(to: Route, { isSolo }: ConsoleSetting): Route {
  if (!isSolo) return to;
  if (to === "b") throw single();
  return "a";
}

function say(word: string, text: string, setting: ConsoleSetting): ConsoleLine {
  const to = routed(ROUTES[word] ?? "both", setting);
  if (text === "") throw usage(`nothing to send to ${word}`, WAYS);
  return { kind: "say", to, text, isUnrouted: false };
}

function keys(word: string, text: string, { isSolo }: ConsoleSetting): ConsoleLine {
  if (word === "both" || word === "u") throw usage("keys go to one peer", "a! TEXT or b! TEXT");
  if (isSolo && word === "b") throw single();
  if (text === "") throw usage(`nothing to type into ${word}`, `${word}! TEXT`);
  return { kind: "keys", to: word === "b" ? "b" : "a", text };
}

/** Is this word one of the fixed ones, where only those may stand? */
function checkWords(command: ConsoleCommand, words: string[]): void {
  const wrong = () => usage(`that is not how ${command.usage.split(" ")[0]} is used`, command.usage);
  if (words.length < command.needs) throw wrong();
  for (const [at, allowed] of command.takes.entries()) {
    const word = words[at];
    if (typeof allowed === "string") continue;
    // An id is followed by what to do with it.
    const isMissing = at === words.length;
    if (isMissing || (word !== undefined && !allowed.includes(word))) throw wrong();
  }
}

function takesNothing(command: ConsoleCommand): boolean {
  return command.takes.length === 0 && !command.isText;
}

/** Words that are among the fixed ones are told apart without regard to case; ids and texts stay as they are. */
function wordsOf(command: ConsoleCommand, rest: string): string[] {
  const words = rest === "" ? [] : rest.split(/\s+/);
  return words.map((word, at) => (typeof command.takes[at] === "object" ? word.toLowerCase() : word));
}

function commandOf(name: ConsoleCommandName, rest: string, { isSolo }: ConsoleSetting): ConsoleLine {
  const command: ConsoleCommand = CONSOLE_COMMANDS[name];
  const words = wordsOf(command, rest);
  if (takesNothing(command) && words.length > 0) throw usage(`/${name} takes no words`, command.usage);
  checkWords(command, words);
  if (isSolo && name === "restart" && words[0] === "peerb") throw single();
  return { kind: "command", name, words, rest };
}

const isCommand = (word: string): word is ConsoleCommandName => Object.hasOwn(CONSOLE_COMMANDS, word);

function slashed(typed: string, rest: string, setting: ConsoleSetting): ConsoleLine {
  const word = typed.toLowerCase();
  if (Object.hasOwn(ROUTES, word)) return say(word, rest, setting);
  if (word === "pa" || word === "pb") return keys(word.slice(1), rest, setting);
  const name = Object.hasOwn(ALIASES, word) ? ALIASES[word] : word;
  if (name !== undefined && isCommand(name)) return commandOf(name, rest, setting);
  const meant = nearest(word, [...Object.keys(CONSOLE_COMMANDS), "a", "b", "both"]);
  const hint = meant ? `did you mean /${meant}? ` : "/help lists them; ";
  throw usage(`no command /${typed}`, `${hint}Nothing was sent. A text that begins with / goes behind a: b: or both:`);
}

/**
 * What a line of a console, a chat or the page means; the same everywhere. Throws a Refusal of code `usage` that says the
 * right form, and nothing is sent.
 */
export function parseConsoleLine(line: string, setting: ConsoleSetting): ConsoleLine {
  const text = line.trim();
  if (text === "") throw usage("nothing to send", `${WAYS}; /help lists the commands`);
  const [, typed, rest = ""] = /^[/／](\S*)\s*(.*)/s.exec(text) ?? [];
  if (typed !== undefined) return slashed(typed, rest, setting);
  const [, word = "", sign = "", said = ""] = /^(a|b|both|u|c)\s?([:：!！])\s*(.*)/is.exec(text) ?? [];
  const prefix = word.toLowerCase();
  const isKeys = sign === "!" || sign === "！";
  if (isKeys && prefix !== "c") return keys(prefix, said, setting);
  if (sign !== "" && !isKeys) {
    return prefix === "c" ? commandOf("aux", said, setting) : say(prefix, said, setting);
  }
  const short = text.toLowerCase();
  if (short === "h" || short === "q") return slashed(short, "", setting);
  const to = setting.isSolo ? "a" : setting.defaultRoute;
  return { kind: "say", to, text, isUnrouted: true };
}

/** The right that a line needs. */
export function rightFor(line: ConsoleLine): ConsoleRight {
  if (line.kind === "say") return "talk";
  if (line.kind === "keys") return "operate";
  const { right, readsWith = [] }: ConsoleCommand = CONSOLE_COMMANDS[line.name];
  return readsWith.includes(line.words[0] ?? "") ? "read" : right;
}
