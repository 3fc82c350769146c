import { factsBySocket } from "../client/event-socket.ts";
import { keptToken } from "./kept-token.ts";

/** The stream of facts of a tab that is logged in already. */
interface Early {
  token: string;
  facts: Promise<Response>;
}

function begin(): Early | null {
  const token = keptToken();
  // A login in the address comes before the one that is kept.
  if (token === null || location.hash.startsWith("#code=")) return null;
  const facts = factsBySocket({ token }, undefined, new AbortController().signal);
  // Why there is none, whoever wants it hears.
  facts.catch(() => {});
  return { token, facts };
}

let early = begin();

/**
 * The stream of facts that was asked for before the page's program had come, so that both come at once; to be had by one, once, of the
 * same login.
 */
export function earlyFacts(token: string): Promise<Response> | null {
  const found = early;
  early = null;
  return found?.token === token ? found.facts : null;
}
