/** An agent: 8 hex digits, what a person types; `orch`, `orch-2` to `orch-9` = leads. */
export type AgentId = string;
/** `ID` or `ID#2`: one assignment of an agent. */
export type JobId = string;
/** A message: `muster-<unix seconds>-<6 hex>`. */
export type Mid = string;
/** A team's name, unique per home. */
export type TeamName = string;
/** Position of a fact in the log; also the SSE id. */
export type Seq = number;
/** Milliseconds since 1970. */
export type Millis = number;
/** `user`, `system`, or an agent's id. */
export type Address = string;

export const USER: Address = "user";
export const SYSTEM: Address = "system";
/** The first lead: an agent that works for the user over others. More are `orch-2` to `orch-9`. */
export const LEAD: AgentId = "orch";

/** All ids that leads can have, the first one first. */
export const LEADS: readonly AgentId[] = [LEAD, ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${LEAD}-${n}`)];

export const isLead = (agent: AgentId): boolean => LEADS.includes(agent);

/** Who sends a command. Rights follow from the kind alone, never from a text (law 4). */
export type Principal = { kind: "person" } | { kind: "daemon" } | { kind: "agent"; agent: AgentId };

export const PERSON: Principal = { kind: "person" };
export const DAEMON: Principal = { kind: "daemon" };

export const addressOf = (by: Principal): Address =>
  by.kind === "agent" ? by.agent : by.kind === "person" ? USER : SYSTEM;

export const isAgentId = (text: string): boolean => isLead(text) || /^[0-9a-f]{8}$/.test(text);

/** Names a person or a repository may give to a team. */
export const isTeamName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,40}$/.test(text);

/** A message id: `at` in milliseconds, `hex` six random or derived digits. */
export const midOf = (at: Millis, hex: string): Mid => `muster-${Math.floor(at / 1000)}-${hex.slice(0, 6)}`;

/** The id of the message number `n` that a rule sends because of the fact `seq`: the same fact gives the same id. */
export const midBecause = (at: Millis, seq: Seq, n: number): Mid =>
  midOf(at, ((Math.imul(seq, 16) + n) >>> 0).toString(16).padStart(6, "0").slice(-6));

/**
 * The source that an origin key names: `SOURCE#CONTENT` says where a text came from and what it was. A source that comes
 * again with another content is a conflict (reliability F18).
 */
export const sourceOf = (origin: string): string => origin.split("#")[0] ?? origin;
