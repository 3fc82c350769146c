import { CONSOLE_COMMANDS, type Route } from "../console-line.ts";
import { nearest } from "../nearest.ts";
import type { Incoming } from "./port.ts";

/** What of a chat message is carried out by the chat itself. */
export type OwnCommand = "whoami" | "subscribe" | "unsubscribe" | "help";

/**
 * What somebody said in a chat. `console`: lines that the console carries out, one after the other. `hint`: it named nobody
 * where that is needed. `nothing`: it was not for us.
 */
export type ChatLine =
  | { kind: "own"; name: OwnCommand; rest: string }
  | { kind: "console"; lines: string[] }
  | { kind: "hint"; text: string }
  | { kind: "unknown"; text: string }
  | { kind: "nothing" };

export interface ChatSetting {
  isSolo: boolean;
  /** In groups a text must name its peer. */
  requireExplicit: boolean;
  /** In groups only what names the bot is heard. */
  requireMention: boolean;
  /** `a:` counts; otherwise only commands do. */
  allowPrefix: boolean;
  groupRoute: Route;
  directRoute: Route;
}

export const WAYS = "Say whom you mean: a: TEXT, b: TEXT or both: TEXT";
const EMPTY = `There is no text. ${WAYS}`;

const OWN = ["whoami", "subscribe", "unsubscribe", "help"] as const;
const ROUTES: Record<string, Route> = { a: "a", b: "b", both: "both", u: "both" };
const KEYS: Record<string, Route> = { pa: "a", pb: "b", pboth: "both" };
const WORD = "[A-Za-z][A-Za-z0-9_-]*";
const COMMAND = new RegExp(`^[/／!！](${WORD})(?:@\\S+)?(?:\\s+([\\s\\S]*))?$`);
const PREFIX = /^(a|b|both|u)\s?([:：!！])\s*([\s\S]*)$/i;

const isOwn = (word: string): word is OwnCommand => (OWN as readonly string[]).includes(word);

/** Commands that only make sense where somebody sits at the terminal. */
const LOCAL = ["paste", "quit", "echo"];
const known = (): string[] => [
  ...Object.keys(CONSOLE_COMMANDS).filter((name) => !LOCAL.includes(name)),
  ...[...OWN, ...Object.keys(KEYS), "a", "b", "both", "aux-cli"],
];

function unknown(word: string): ChatLine {
  const meant = nearest(word, known());
  const hint = meant ? `did you mean /${meant}?` : "/help lists them.";
  return { kind: "unknown", text: `No command /${word}; ${hint} Nothing was sent.` };
}

/** A text for peers; only a route in an answer means what was answered. */
function said(word: string, text: string, { quoted = "", files = [] }: Incoming): ChatLine {
  const whole = text.trim() || quoted.trim();
  if (whole === "" && files.length === 0) return { kind: "hint", text: EMPTY };
  return { kind: "console", lines: [`${ROUTES[word] ?? "both"}: ${whole}`] };
}

function keys(to: Route, text: string, isSolo: boolean): ChatLine {
  if (text.trim() === "") return { kind: "hint", text: `There is nothing to type. /p${to} TEXT` };
  const seats = to === "both" ? (isSolo ? ["a"] : ["a", "b"]) : [to];
  return { kind: "console", lines: seats.map((seat) => `${seat}! ${text.trim()}`) };
}

function commanded(word: string, rest: string, incoming: Incoming, { isSolo }: ChatSetting): ChatLine {
  const name = word.toLowerCase().replaceAll("_", "-");
  if (Object.hasOwn(ROUTES, name)) return said(name, rest, incoming);
  const keysTo = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  if (keysTo) return keys(keysTo, rest, isSolo);
  if (isOwn(name)) return { kind: "own", name, rest: rest.trim() };
  if (name === "aux-cli" || name === "c") return { kind: "console", lines: [`/aux ${unquoted(rest)}`.trim()] };
  if (Object.hasOwn(CONSOLE_COMMANDS, name) && !LOCAL.includes(name))
    return { kind: "console", lines: [`/${name} ${rest}`.trim()] };
  return unknown(name);
}

/** `/aux-cli "p"`: the quotes are for shells. */
const unquoted = (text: string): string => /^"([\s\S]*)"$/.exec(text.trim())?.[1] ?? text.trim();

const BUTTON = /^rfd:([A-Za-z0-9-]{1,48}):(approve|reject|askmore)$/;

/** What a pressed button means: a decision about a request. */
function pressed(data: string): ChatLine {
  const [, id, what] = BUTTON.exec(data) ?? [];
  if (id === undefined) return { kind: "unknown", text: "That button means nothing any more." };
  return { kind: "console", lines: [`/rfd ${id} ${what === "askmore" ? "ask" : what}`] };
}

function unrouted(incoming: Incoming, text: string, setting: ChatSetting): ChatLine {
  const { isGroup, files = [] } = incoming;
  if (isGroup && setting.requireExplicit) return { kind: "hint", text: WAYS };
  if (text === "" && files.length === 0) return { kind: "hint", text: EMPTY };
  const route = isGroup ? setting.groupRoute : setting.directRoute;
  return { kind: "console", lines: [`${setting.isSolo ? "a" : route}: ${text}`] };
}

/** `a:`, `a!`, or a route alone; undefined = it begins with none. */
function prefixed(text: string, incoming: Incoming, setting: ChatSetting): ChatLine | undefined {
  const [, word = "", sign = "", rest = ""] = PREFIX.exec(text) ?? [];
  const name = word.toLowerCase();
  if (sign === "") return undefined;
  if (sign === ":" || sign === "：") return setting.allowPrefix ? said(name, rest, incoming) : undefined;
  return keys(ROUTES[name] ?? "both", rest, setting.isSolo);
}

/** What a message of a chat means; says nothing about who may. */
export function chatLine(incoming: Incoming, setting: ChatSetting): ChatLine {
  if (incoming.button !== undefined) return pressed(incoming.button);
  const text = incoming.text.trim();
  const [, word, rest = ""] = COMMAND.exec(text) ?? [];
  const isAddressed = !incoming.isGroup || incoming.isMention || !setting.requireMention;
  if (!isAddressed && word === undefined) return { kind: "nothing" };
  if (word !== undefined) return commanded(word, rest, incoming, setting);
  const [, code] = /^subscribe\s+(\S+)$/i.exec(text) ?? [];
  if (code !== undefined) return { kind: "own", name: "subscribe", rest: code };
  return prefixed(text, incoming, setting) ?? unrouted(incoming, text, setting);
}
