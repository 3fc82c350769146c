import { Denied } from "./answer.ts";
import type { Grant, Tokens } from "./tokens.ts";

/** Through which door a request came: TCP needs a token; the socket lies in a folder that only its owner may enter. */
export type Door = "tcp" | "unix";

const SAFE = new Set(["GET", "HEAD"]);
const LONGEST_TOKEN = 512;

/**
 * Origins of pages of this server under this host, byte for byte; none = it is not served here (a rebound name has neither Origin
 * nor Sec-Fetch-Site, only its Host). What a person allowed is a tunnel, which brings the TLS.
 */
export function originsOf(host: string, port: number, allowed: readonly string[]): string[] {
  if ([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host)) return [`http://${host}`];
  return allowed.includes(host) ? [`https://${host}`, `http://${host}`] : [];
}

function requireHere(request: Request, port: number, allowed: readonly string[]): void {
  const host = request.headers.get("host") ?? "";
  const origins = originsOf(host, port, allowed);
  if (origins.length === 0) throw new Denied(403, "host", "this host is not served here");
  const origin = request.headers.get("origin");
  if (origin !== null && !origins.includes(origin)) throw new Denied(403, "origin", "foreign origin");
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") throw new Denied(403, "site", "foreign site");
}

function requireJson(request: Request): void {
  if (SAFE.has(request.method)) return;
  const type = request.headers.get("content-type") ?? "";
  if (/^application\/json(?:; ?charset=utf-8)?$/i.test(type)) return;
  throw new Denied(415, "type", "the content type must be application/json");
}

/** Everything that is asked before a route is looked for (security §3). */
export function front(request: Request, door: Door, port: number, allowed: readonly string[]): void {
  if (door === "tcp") requireHere(request, port, allowed);
  requireJson(request);
}

/** The token of a request: a header, or for a WebSocket of a browser its second subprotocol. Never the URL, never a cookie. */
function tokenOf(request: Request): string | null {
  const [, bearer] = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  if (bearer !== undefined) return bearer;
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return null;
  const offered = (request.headers.get("sec-websocket-protocol") ?? "").split(/,\s*/);
  return offered.find((it) => it.startsWith("bearer."))?.slice("bearer.".length) ?? null;
}

/** Whom the request is granted to. */
export function requireToken(request: Request, door: Door, tokens: Tokens): Grant {
  const token = tokenOf(request);
  if (token === null && door === "unix") return { by: { kind: "person" }, until: Number.POSITIVE_INFINITY };
  const grant = token !== null && token.length <= LONGEST_TOKEN ? tokens.grant(token) : null;
  if (grant) return grant;
  // No token is no guess.
  if (token !== null && tokens.wrongTokens.isOver()) {
    throw new Denied(429, "rate", "too many wrong tokens", "wait a minute");
  }
  if (token !== null) tokens.wrongTokens.add();
  const hint = token?.startsWith("agent.")
    ? "this agent's token has ended; letters written as files still arrive"
    : "muster dashboard opens a page that is logged in";
  throw new Denied(401, "token", "a token is needed", hint);
}
