import type { Offset } from "../core/ports.ts";

/** What a viewer sends as JSON. */
export type Wish =
  /** A line and Enter. */
  | { type: "input"; data: string }
  /** Keys as a terminal sends them. */
  | { type: "keys"; data: string }
  | { type: "resize"; cols: number; rows: number }
  /** The viewer has shown everything before this offset. */
  | { type: "ack"; offset: Offset };

/** What a viewer is told as JSON; output goes as binary frames. */
export type Note =
  | { type: "size"; cols: number; rows: number }
  | { type: "completed"; status: string }
  /** Bytes were left out, because the viewer was too slow or asked for too much. */
  | { type: "skipped"; from: Offset; to: Offset }
  | { type: "refused"; reason: string };

/** Close codes of the terminal socket. */
export const CLOSE = {
  invalid: 1007,
  flood: 1008,
  failed: 1011,
  token: 4401,
  right: 4403,
  unknown: 4404,
  /** More than a reader may have unread; it comes back with its last id. */
  slow: 4408,
} as const;

/** Eight bytes of offset, big-endian, then the bytes. */
export function frame(offset: Offset, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(8 + bytes.length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(offset));
  whole.set(bytes, 8);
  return whole;
}

const isSize = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1000;

/** Reads a viewer's wish; null = not one. */
export function wishOf(text: string): Wish | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== "object" || read === null) return null;
  const { type, data, cols, rows, offset } = read as Record<string, unknown>;
  if ((type === "input" || type === "keys") && typeof data === "string") return { type, data };
  if (type === "resize" && isSize(cols) && isSize(rows)) return { type, cols, rows };
  if (type === "ack" && typeof offset === "number" && offset >= 0) return { type, offset };
  return null;
}

/**
 * Where a record may be begun to be read in the middle: at the first escape sequence or line after the cut, so that no half
 * sequence is drawn.
 */
export function cleanStart(bytes: Uint8Array): number {
  const at = bytes.findIndex((byte) => byte === 0x1b || byte === 0x0a);
  return Math.max(at, 0);
}
