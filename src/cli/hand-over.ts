import type { Client } from "../client/client.ts";
import { type Mid, midOf } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";

/** A daemon that dies each time it is asked is no accident any more. */
const TRIES = 3;

const freshMid = (): Mid => midOf(Date.now(), Buffer.from(crypto.getRandomValues(new Uint8Array(3))).toString("hex"));

const isCut = (error: unknown): boolean =>
  error instanceof Refusal ? error.code === "unreachable" : error instanceof SyntaxError;

/**
 * Hands a message to the daemon, once: its id is made here, so that asking again after a cut changes nothing. A daemon
 * may end between storing and answering, and whoever then wrote the text anew would have sent it twice.
 */
export async function handOver(
  daemon: () => Promise<Client>,
  path: string,
  body: Record<string, unknown> & { mid?: Mid },
): Promise<Mid> {
  const mid = body.mid ?? freshMid();
  for (let tries = 1; ; tries++) {
    const client = await daemon();
    try {
      await client.post(path, { ...body, mid });
      return mid;
    } catch (error) {
      if (!isCut(error) || tries === TRIES) throw error;
    }
  }
}
