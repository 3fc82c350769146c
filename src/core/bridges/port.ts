import type { Millis } from "../ids.ts";
import type { Settings } from "../settings/settings.ts";

/** Chats that Muster may speak in. */
export const PLATFORMS = ["telegram", "slack", "discord", "wecom"] as const;
export type Platform = (typeof PLATFORMS)[number];

/** What a platform can do, as data: whoever speaks by it goes by this. */
export interface BridgeAbilities {
  /** Of one message, in units of UTF-16 and in lines. */
  maxChars: number;
  maxLines: number;
  canEdit: boolean;
  canButtons: boolean;
  canFiles: boolean;
  /** It hears nothing. */
  isOutOnly: boolean;
  /** At most so many messages within so long, over all chats; absent = it says so itself (TooFast). */
  rate?: { messages: number; windowMs: Millis };
}

/** A file somebody sent; its bytes are asked for only when they are wanted. */
export interface IncomingFile {
  name: string;
  mime: string;
  /** Bytes, as the platform says. */
  size: number;
  fetch(): Promise<Uint8Array>;
}

/** Something a person said in a chat. */
export interface Incoming {
  chat: string;
  /** The platform's id of the message: the same one may come again. */
  message: string;
  /** Whom the platform says it is; shown, never a right. */
  sender: string;
  /** Without the mention of the bot itself. */
  text: string;
  isGroup: boolean;
  /** It names the bot, or answers one of its messages. */
  isMention: boolean;
  /** Text of the message that it answers. */
  quoted?: string;
  /** Data of a pressed button, instead of a text. */
  button?: string;
  files?: IncomingFile[];
}

export interface Button {
  label: string;
  /** At most 64 bytes. */
  data: string;
}

/** What a chat is to show. `key`: sent again with the same one, it must not appear again. */
export type Outgoing = { chat: string; key: string } & (
  | { kind: "text"; text: string; buttons?: Button[] }
  /** `id`: what an earlier `send` returned. */
  | { kind: "edit"; id: string; text: string; buttons?: Button[] }
  | { kind: "file"; name: string; mime: string; bytes: Uint8Array; caption: string; sendAs: "photo" | "document" }
);

/**
 * One running connection to a platform. `send` returns the id of the message once the platform has confirmed it; it throws
 * TooFast, BridgeDown (both: try again) or Unsendable (never again).
 */
export interface Bridge {
  readonly platform: Platform;
  readonly abilities: BridgeAbilities;
  /**
   * Hears until the signal aborts; returns then, and throws when the connection breaks. An update counts as taken once
   * `receive` has resolved: before that the platform may bring it again.
   */
  start(receive: (incoming: Incoming) => Promise<void>, signal: AbortSignal): Promise<void>;
  send(outgoing: Outgoing): Promise<string>;
}

/** What a kind of bridge is made from: its platform's tokens by the variable each comes from, and the team's settings. */
export interface BridgeMaking {
  repo: string;
  secrets: Record<string, string>;
  settings: Settings;
}

/** The bridges that are built. */
export type BridgeRegistry = Partial<Record<Platform, (making: BridgeMaking) => Bridge>>;

/** The platform wants a pause. */
export class TooFast extends Error {
  constructor(readonly retryAfterMs: Millis) {
    super(`too fast; again in ${retryAfterMs} ms`);
  }
}

/** Nobody answers, or not as agreed. */
export class BridgeDown extends Error {}

/** The platform will never take this. */
export class Unsendable extends Error {}

/** A file that a person dropped to be sent. */
export interface Upload {
  name: string;
  sha256: string;
  size: number;
  mime: string;
  caption: string;
  route: "a" | "b" | "both" | "";
  sendAs: "photo" | "document";
}

/** What is kept of a file that came by a chat. */
export interface KeptFile {
  /** Relative to the repository. */
  path: string;
  sha256: string;
}

export interface FileOrigin {
  platform: Platform;
  chat: string;
  mid: string;
  sender: string;
  at: Millis;
}

/** The files that come and go by chats, in the repository's work folder. */
export interface ChatFiles {
  keep(
    repo: string,
    folder: string,
    file: { name: string; mime: string; bytes: Uint8Array } & FileOrigin,
  ): Promise<KeptFile>;
  /** What is to be sent and has neither gone out nor failed for good; the oldest first. */
  waiting(repo: string, folder: string): Promise<Upload[]>;
  read(repo: string, folder: string, upload: Upload, limit: number): Promise<Uint8Array>;
  /** Its upload is confirmed everywhere: a receipt is left, and then it is removed. */
  done(repo: string, folder: string, upload: Upload, receipt: Record<string, unknown>): Promise<void>;
  /** It is not tried again, and stays. */
  failed(repo: string, folder: string, upload: Upload, reason: string): Promise<void>;
  /** Removes what is older; days. */
  sweep(
    repo: string,
    folders: { inbound: string; outbound: string },
    days: { inbound: number; outbound: number },
    now: Millis,
  ): Promise<void>;
}
