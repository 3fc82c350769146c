import type { Sent } from "../core/push/port.ts";

/** How a message reaches a push service. */
export type Post = (
  endpoint: URL,
  headers: Record<string, string>,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
) => Promise<{ status: number; retryAfter: string | null }>;

/** A service that does not answer within this is tried again later. */
const PATIENCE_MS = 20_000;
/** A service that asks for more is asked again after this. */
const LONGEST_WAIT_MS = 3_600_000;

/** One request. A redirect is not followed, and of the answer nothing but its status is read: it may be of any length. */
export const postPush: Post = async (endpoint, headers, body, signal) => {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const answer = await fetch(endpoint, { method: "POST", headers, body, redirect: "manual", signal: within });
  await answer.body?.cancel();
  return { status: answer.status, retryAfter: answer.headers.get("retry-after") };
};

/** Seconds, or a date. */
function waitFrom(retryAfter: string | null, now: number): number | undefined {
  if (retryAfter === null) return undefined;
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) ? Math.min(LONGEST_WAIT_MS, Math.max(1000, ms)) : undefined;
}

/** What an answer of a push service means. */
export function meaning(host: string, status: number, retryAfter: string | null, now: number): Sent {
  const reason = `${host} answered ${status}`;
  if (status >= 200 && status < 300) return { is: "sent" };
  if (status === 404 || status === 410) return { is: "gone", reason: `its browser has ended it (${status})` };
  if (status === 429 || status >= 500) {
    const ms = waitFrom(retryAfter, now);
    return { is: "later", reason, ...(ms === undefined ? {} : { ms }) };
  }
  return { is: "never", reason };
}
