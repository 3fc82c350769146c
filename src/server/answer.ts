import type { ApiError } from "../core/api.ts";
import { REFUSALS, Refusal } from "../core/refusal.ts";

/** Refused by the guard, before any command was understood. */
export class Denied extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429,
    readonly code: string,
    message: string,
    readonly hint = "",
  ) {
    super(message);
  }
}

const FIXED = {
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** xterm.js makes style elements of its own, which carry the page's nonce. */
const policy = (nonce?: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ""}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** An answer with the headers that every answer has. */
export function secured(answer: Response, nonce?: string): Response {
  for (const [name, value] of Object.entries(FIXED)) answer.headers.set(name, value);
  answer.headers.set("content-security-policy", policy(nonce));
  return answer;
}

const errorAnswer = (status: number, error: ApiError["error"]): Response => Response.json({ error }, { status });

const GONE = { code: "gone", message: "the request ended early", hint: "" };

/** The answer for whatever was thrown. Only mistakes of people are told; a bug stays in the daemon's own output. */
export function failure(thrown: unknown): Response {
  if (thrown instanceof Refusal) {
    const { code, message, hint, details } = thrown;
    return errorAnswer(REFUSALS[code].http, { code, message, hint, ...(details.length > 0 ? { details } : {}) });
  }
  if (thrown instanceof Denied) {
    const { status, code, message, hint } = thrown;
    return errorAnswer(status, { code, message, hint });
  }
  // The client went away in the middle of its request.
  if ((thrown as { name?: unknown } | null)?.name === "AbortError") return errorAnswer(400, GONE);
  console.error("server:", thrown);
  if ((thrown as { code?: unknown } | null)?.code === "SQLITE_BUSY") {
    return errorAnswer(503, { code: "unreachable", message: "the log is locked", hint: "try again" });
  }
  return errorAnswer(500, { code: "internal", message: "Internal error", hint: "the daemon's log has it" });
}
