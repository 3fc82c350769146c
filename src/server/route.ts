import type { Server } from "bun";
import type { Principal } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import { Denied } from "./answer.ts";
import type { Bodies } from "./bodies.ts";
import type { Door } from "./guard.ts";
import type { ServerParts } from "./parts.ts";
import type { Grant } from "./tokens.ts";

/** One request, after the guard. */
export interface Call {
  parts: ServerParts;
  by: Principal;
  grant: Grant;
  door: Door;
  request: Request;
  server: Server<unknown>;
  params: Record<string, string>;
  query: URLSearchParams;
}

/**
 * Who may call a route: `open` everyone, `person`, `lead` also the lead, `agent` also any agent, `own` the lead, and an agent
 * where `:id` is itself. What the lead may do there `decide` says.
 */
export type Right = "open" | "person" | "lead" | "agent" | "own";

export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE" | "WS";
  /** Segments; `:name` takes any one of them. */
  path: string;
  right: Right;
  /** Kind of its body. */
  body?: keyof Bodies;
  status?: number;
  /** A Response, or what becomes its JSON. */
  run(call: Call, body: unknown): unknown;
}

export const get = (path: string, right: Right, run: (call: Call) => unknown): Route => ({
  method: "GET",
  path,
  right,
  run,
});

/** DELETE of the thing that its path names; it takes no body. */
export const remove = (path: string, right: Right, run: (call: Call) => unknown): Route => ({
  method: "DELETE",
  path,
  right,
  run,
});

export const post = <K extends keyof Bodies>(
  path: string,
  right: Right,
  body: K,
  run: (call: Call, body: Bodies[K]) => unknown,
  status = 200,
): Route => ({ method: "POST", path, right, body, status, run: (call, read) => run(call, read as Bodies[K]) });

/** PATCH changes what its body names of a thing that is there. */
export const patch = <K extends keyof Bodies>(
  path: string,
  right: Right,
  body: K,
  run: (call: Call, body: Bodies[K]) => unknown,
): Route => ({ method: "PATCH", path, right, body, run: (call, read) => run(call, read as Bodies[K]) });

function paramsOf(pattern: string[], path: string[]): Record<string, string> | null {
  if (pattern.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const given = path[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decoded(given);
    else if (part !== given) return null;
  }
  return params;
}

/** Ids are looked up, never joined to paths; still nothing but an id comes in. */
function decoded(segment: string): string {
  let text = "";
  try {
    text = decodeURIComponent(segment);
  } catch {
    // Stays empty, which no id is.
  }
  if (/^[A-Za-z0-9#._-]{1,64}$/.test(text) && !(text in Object.prototype)) return text;
  throw new Denied(404, "missing", "that is no id", "letters, digits and # . _ -; muster jobs lists those of agents");
}

/** The table of routes, searched in order. */
export function matcher(
  routes: Route[],
): (method: string, path: string) => { route: Route; params: Record<string, string> } | null {
  const table = routes.map((route) => ({ route, pattern: route.path.split("/") }));
  return (method, path) => {
    const given = path.split("/");
    for (const { route, pattern } of table) {
      if (route.method !== method) continue;
      const params = paramsOf(pattern, given);
      if (params) return { route, params };
    }
    return null;
  };
}

/** A whole number of the query, within its bounds. */
export function numberOf(query: URLSearchParams, key: string, fallback: number, max: number): number {
  const given = query.get(key);
  if (given === null) return fallback;
  if (/^\d{1,15}$/.test(given) && Number(given) <= max) return Number(given);
  throw new Refusal("usage", `${key}: a whole number of 0 to ${max} is needed`);
}
