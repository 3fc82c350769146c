import type { Millis } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import type { Range } from "./api.ts";

/** What is looked for among jobs (A85); what is not set does not matter. */
export interface JobQuery {
  status?: string;
  model?: string;
  driver?: string;
  reasoning?: string;
  team?: string;
  /** US dollars. */
  costMin?: number;
  costMax?: number;
  from?: Millis;
  to?: Millis;
  hasSession?: boolean;
  search?: string;
  /** Where `search` is looked for. */
  places: readonly Place[];
  sort: Sort;
  isAscending: boolean;
  page: number;
  limit: number;
}

export interface CallQuery {
  job?: string;
  name?: string;
  isFailed?: boolean;
  search?: string;
  page: number;
  limit: number;
}

export interface EventQuery {
  job?: string;
  agent?: string;
  event?: string;
  tool?: string;
  since?: Millis;
  search?: string;
  page: number;
  limit: number;
}

export const PLACES = ["prompt", "file", "tool", "summary"] as const;
export type Place = (typeof PLACES)[number];

const STATUSES = ["pending", "running", "completed", "failed"] as const;

export const SORTS = [
  "created",
  "started",
  "finished",
  "elapsed",
  "cost",
  "tokens",
  "tools",
  "files",
  "status",
] as const;
export type Sort = (typeof SORTS)[number];

const RANGES = ["7d", "30d", "90d", "all"] as const;

/** Rows of a page, at most. */
const PAGE = 100;
const PAGES = 1_000_000;
const LONGEST = 500;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

const wrong = (key: string, needed: string): Refusal => new Refusal("usage", `${key}: ${needed} is needed`);

/** Refuses what is not known: a misspelt filter would show everything. */
function requireKnown(query: URLSearchParams, known: readonly string[]): void {
  for (const key of query.keys())
    if (!known.includes(key)) throw new Refusal("usage", `unknown parameter ${key}`, `known: ${known.join(", ")}`);
}

function textOf(query: URLSearchParams, key: string): string | undefined {
  const given = query.get(key);
  if (given === null || given === "") return undefined;
  if (given.length > LONGEST) throw wrong(key, `a text of at most ${LONGEST} characters`);
  return given;
}

function oneOf<T extends string>(query: URLSearchParams, key: string, known: readonly T[]): T | undefined {
  const given = textOf(query, key);
  const found = known.find((one) => one === given);
  if (given !== undefined && found === undefined) throw wrong(key, `one of ${known.join(", ")}`);
  return found;
}

function flagOf(query: URLSearchParams, key: string): boolean | undefined {
  const given = oneOf(query, key, ["true", "false", "1", "0"] as const);
  return given === undefined ? undefined : given === "true" || given === "1";
}

function amountOf(query: URLSearchParams, key: string): number | undefined {
  const given = textOf(query, key);
  if (given === undefined) return undefined;
  if (!/^\d{1,9}(?:\.\d{1,9})?$/.test(given)) throw wrong(key, "a number of dollars");
  return Number(given);
}

/** Milliseconds since 1970, or a date with or without a time; a date alone is its first moment, local. */
function timeOf(query: URLSearchParams, key: string): Millis | undefined {
  const given = textOf(query, key);
  if (given === undefined) return undefined;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  const time = DATE.test(given) ? Date.parse(given.includes("T") ? given : `${given}T00:00:00`) : Number.NaN;
  if (!Number.isFinite(time)) throw wrong(key, "a time, as 2026-01-31, 2026-01-31T10:00:00Z or milliseconds,");
  return time;
}

function countOf(query: URLSearchParams, key: string, fallback: number, max: number): number {
  const given = textOf(query, key);
  if (given === undefined) return fallback;
  if (/^\d{1,9}$/.test(given) && Number(given) >= 1 && Number(given) <= max) return Number(given);
  throw wrong(key, `a whole number of 1 to ${max}`);
}

const pageOf = (query: URLSearchParams) => ({
  page: countOf(query, "page", 1, PAGES),
  limit: countOf(query, "limit", 50, PAGE),
});

export function jobQuery(query: URLSearchParams): JobQuery {
  requireKnown(query, [
    ...["status", "model", "driver", "reasoning", "team", "cost_min", "cost_max", "from", "to", "has_session"],
    ...["search", "in", "sort", "order", "page", "limit"],
  ]);
  const place = oneOf(query, "in", PLACES);
  return {
    ...{ status: oneOf(query, "status", STATUSES), model: textOf(query, "model"), driver: textOf(query, "driver") },
    ...{ reasoning: textOf(query, "reasoning"), team: textOf(query, "team") },
    ...{ costMin: amountOf(query, "cost_min"), costMax: amountOf(query, "cost_max") },
    ...{ from: timeOf(query, "from"), to: timeOf(query, "to"), hasSession: flagOf(query, "has_session") },
    ...{ search: textOf(query, "search"), places: place ? [place] : PLACES },
    ...{
      sort: oneOf(query, "sort", SORTS) ?? "created",
      isAscending: oneOf(query, "order", ["asc", "desc"]) === "asc",
    },
    ...pageOf(query),
  };
}

export function callQuery(query: URLSearchParams): CallQuery {
  requireKnown(query, ["job_id", "name", "failed", "search", "page", "limit"]);
  return {
    ...{ job: textOf(query, "job_id"), name: textOf(query, "name"), isFailed: flagOf(query, "failed") },
    ...{ search: textOf(query, "search"), ...pageOf(query) },
  };
}

export function eventQuery(query: URLSearchParams): EventQuery {
  requireKnown(query, ["job_id", "agent", "type", "tool", "since", "search", "page", "limit"]);
  return {
    ...{ job: textOf(query, "job_id"), agent: textOf(query, "agent"), event: textOf(query, "type") },
    ...{ tool: textOf(query, "tool"), since: timeOf(query, "since"), search: textOf(query, "search") },
    ...pageOf(query),
  };
}

export function pageQuery(query: URLSearchParams): { page: number; limit: number } {
  requireKnown(query, ["page", "limit"]);
  return pageOf(query);
}

/** `isOpen`: all that there is may be asked for. */
export function rangeQuery(query: URLSearchParams, isOpen: boolean): Range {
  requireKnown(query, ["range"]);
  return oneOf(query, "range", isOpen ? RANGES : RANGES.slice(0, 3)) ?? "7d";
}

/** How many rows, at most a page. */
export function limitQuery(query: URLSearchParams, fallback: number): number {
  requireKnown(query, ["limit"]);
  return countOf(query, "limit", fallback, PAGE);
}
