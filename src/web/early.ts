import type { Snapshot } from "../core/api.ts";
import { keptToken } from "./kept-token.ts";

/** What happened so far, for a tab that is logged in already; the token is of the login with which it was asked for. */
export interface Early {
  token: string;
  snapshot: Promise<Snapshot | null>;
}

declare global {
  var musterEarly: Early | null;
}

/**
 * A program of its own, run before the page's has come, so that both come at once. It asks by a request, for a socket takes several
 * times as long to open (Chromium 156).
 */
function begin(): Early | null {
  const token = keptToken();
  // A login in the address comes before the one that is kept.
  if (token === null || location.hash.startsWith("#code=")) return null;
  const asked = fetch("/api/state", { headers: { authorization: `Bearer ${token}` } });
  const snapshot = asked.then((answer) => (answer.ok ? (answer.json() as Promise<Snapshot>) : null)).catch(() => null);
  return { token, snapshot };
}

globalThis.musterEarly = begin();
