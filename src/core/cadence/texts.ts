import type { Millis } from "../ids.ts";
import { preview } from "../text.ts";

/** What a member is told to go on with: the first Next of its own Progress (3.14). */
export const keepaliveText = (next: string): string => `OK. Continue: ${next || "with the task at hand"}`;

/** The same for one that works alone (P97). */
export const soloKeepaliveText = (next: string): string =>
  `${keepaliveText(next)}
Finished: write a summary into to_user.md. Blocked, or input needed: ask in to_user.md. Else work on and log Progress in to_peer.md.`;

/** What whoever keeps the board is asked for (P72). */
export function boardText(hint: string | undefined, por = "docs/por/POR.md"): string {
  const focus = hint ? `Focus: ${hint}\n` : "";
  return `${focus}Look after the board: check ${por} and every active SUBPOR (Goal, Acceptance, Probe, Kill, Next). Align Now and Next with what is really
done; close or rescope stale items; give recent refs for evidence, risks and decisions; a gap becomes a new SUBPOR after your peer's ACK.`;
}

/** Where a reader's letters are. */
export interface Inbox {
  inbox: string;
  processed: string;
}

interface Waiting {
  count: number;
  /** Number of the item that made this nudge; absent = a backlog. */
  trigger?: number;
  preview?: string;
}

const six = (number: number): string => String(number).padStart(6, "0");

/** One line that names what waits in an inbox (3.12); `suffix` is the user's own. */
export function nudgeText({ inbox, processed }: Inbox, at: Millis, waiting: Waiting, suffix = ""): string {
  const { count, trigger } = waiting;
  const which =
    trigger === undefined
      ? `${count} letters wait`
      : `trigger=${six(trigger)} preview='${preview(waiting.preview ?? "", 32).replaceAll("'", "’")}'`;
  const stamp = new Date(at).toISOString().replace("T", " ").slice(0, 19);
  return `[NUDGE] [TS: ${stamp} UTC] ${which} - Inbox: ${inbox} - read oldest to newest, move each to ${processed} when done.${suffix ? ` ${suffix}` : ""}`;
}
