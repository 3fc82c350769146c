import type { ConsoleRight } from "../console-line.ts";
import type { Mid, Millis, Seq } from "../ids.ts";
import type { ChatPlace, Lane } from "./facts.ts";
import type { Platform } from "./port.ts";

/** A pairing code that may still be used. */
export interface Code {
  repo: string;
  hash: string;
  right: ConsoleRight;
  until: Millis;
  platform?: Platform;
  /** Wrong codes shown since it was made. */
  tries: number;
}

/** A subscribed chat. */
export interface Chat extends ChatPlace {
  right: ConsoleRight;
  since: Millis;
  /** The fact up to which each lane was told. */
  cursors: Record<Lane, Seq>;
  /** Of an item that is only partly told: what is next. */
  partial: Partial<Record<Lane, { item: Seq; next: number }>>;
  /** Messages that show a decision, by its id. */
  cards: Record<string, string>;
  /** The newest remote actions; those that have their answer. */
  received: Record<Mid, boolean>;
  /** Files that were confirmed there, by `sha256 name`. */
  uploads: string[];
}

export interface Bridges {
  /** One for each repository: a new code ends the one before. */
  codes: Record<string, Code>;
  chats: Record<string, Chat>;
  /** By bridgeKey: what a person wants. */
  wanted: Record<string, boolean>;
  running: Record<string, { token: string; since: Millis }>;
}

/** Wrong codes after which a code is worth nothing. */
export const MOST_TRIES = 5;
export const CODE_MS = 600_000;
/** Remote actions, cards and uploads of a chat that are remembered. */
export const CHAT_KEPT = 200;

export const bridgeKey = ({ repo, platform }: Pick<ChatPlace, "repo" | "platform">): string => `${platform} ${repo}`;
export const chatKey = ({ repo, platform, chat }: ChatPlace): string => `${platform}:${chat} ${repo}`;
export const uploadKey = ({ file, sha256 }: { file: string; sha256: string }): string => `${sha256} ${file}`;

const LADDER: ConsoleRight[] = ["read", "talk", "operate", "approve"];

/** A right and those below it. */
export const rightsUpTo = (right: ConsoleRight): ConsoleRight[] => LADDER.slice(0, LADDER.indexOf(right) + 1);

export const isRight = (word: string): word is ConsoleRight => (LADDER as string[]).includes(word);

/** The code with this hash, while it may be used there. */
export function codeFor({ codes }: Bridges, place: ChatPlace, hash: string, now: Millis): Code | undefined {
  const code = codes[place.repo];
  const isGood =
    code?.hash === hash &&
    code.tries < MOST_TRIES &&
    now < code.until &&
    (code.platform === undefined || code.platform === place.platform);
  return isGood ? code : undefined;
}
