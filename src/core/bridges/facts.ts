import type { ConsoleRight } from "../console-line.ts";
import type { Mid, Millis, Seq } from "../ids.ts";
import type { Platform } from "./port.ts";

/** One chat of one repository's bridge. */
export interface ChatPlace {
  repo: string;
  platform: Platform;
  chat: string;
}

/** `reply` answers somebody; `news` goes out as it comes; `talk`, what peers write to each other, gathers first. */
export type Lane = "reply" | "news" | "talk";

/** What a person wants of the chats. */
export type BridgeWish =
  /** A pairing code was made; only its hash is kept. `platform`: it counts there only. */
  | { type: "bridge.coded"; repo: string; hash: string; right: ConsoleRight; until: Millis; platform?: Platform }
  /** The bridge is to run or not, whatever its settings say. */
  | { type: "bridge.wanted"; repo: string; platform: Platform; isOn: boolean };

export type BridgeFact =
  | BridgeWish
  | { type: "bridge.started"; repo: string; platform: Platform; token: string }
  | { type: "bridge.stopped"; repo: string; platform: Platform; reason: string }
  /** Whoever showed the code may do this there. `after`: what came later is told. */
  | ({ type: "bridge.subscribed"; hash: string; right: ConsoleRight; sender: string; after: Seq } & ChatPlace)
  | ({ type: "bridge.unsubscribed"; sender: string; reason: string } & ChatPlace)
  /** `reason`: `code` = a wrong pairing code, `chat` = it is not subscribed, else what is missing. */
  | ({ type: "bridge.denied"; sender: string; reason: string } & ChatPlace)
  /** A remote action, before it is carried out. `message`: the id made of the platform's. */
  | ({ type: "bridge.received"; message: Mid; sender: string; preview: string } & ChatPlace)
  /** `body`: the answer, for the chat. */
  | ({ type: "bridge.replied"; message: Mid; body: string } & ChatPlace)
  | ({ type: "bridge.filed"; message: Mid; file: string; sha256: string; size: number; mime: string } & ChatPlace)
  /**
   * Part `part` of `parts` of what the fact `item` has to say is in the chat, as the platform's message `id`. `card`: the
   * decision that it shows.
   */
  | ({
      type: "bridge.sent";
      lane: Lane;
      item: Seq;
      part: number;
      parts: number;
      id: string;
      card?: string;
    } & ChatPlace)
  /** The platform will never take it. */
  | ({ type: "bridge.unsent"; lane: Lane; item: Seq; reason: string } & ChatPlace)
  | ({ type: "bridge.uploaded"; file: string; sha256: string; id: string } & ChatPlace)
  | { type: "bridge.unuploaded"; repo: string; file: string; sha256: string; reason: string };

/** Only the daemon sees these. */
export const BRIDGE_OBSERVED = [
  "bridge.started",
  "bridge.stopped",
  "bridge.subscribed",
  "bridge.unsubscribed",
  "bridge.denied",
  "bridge.received",
  "bridge.replied",
  "bridge.filed",
  "bridge.sent",
  "bridge.unsent",
  "bridge.uploaded",
  "bridge.unuploaded",
] as const satisfies readonly BridgeFact["type"][];
