import { USER } from "../core/ids.ts";
import type { JobState } from "../core/job-state.ts";
import type { Agent, Message, State } from "../core/state.ts";

/** `3s`, `4m 10s`, `2h 05m`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(seconds / 3600)}h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}m`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const clock = (at: number): string => CLOCK.format(at);

const MINUTE = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A moment to come, and how far it is: `06:00, in 5h 12m`. */
export const moment = (at: number, now: number): string => `${MINUTE.format(at)}, in ${duration(at - now)}`;

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

export const day = (at: number): string => DAY.format(at);

export const STATE_WORDS: Record<JobState, string> = {
  pending: "pending",
  starting: "starting",
  running: "running",
  needs_user: "needs you",
  limited: "limited",
  idle: "idle",
  completed: "done",
  failed: "failed",
  lost: "lost",
};

/** The colour a state is told in. */
export const STATE_TONES: Record<JobState, "blue" | "amber" | "green" | "red" | "grey"> = {
  pending: "grey",
  starting: "grey",
  running: "blue",
  needs_user: "amber",
  limited: "amber",
  idle: "green",
  completed: "green",
  failed: "red",
  lost: "red",
};

const exitWords = ({ code, signal }: { code: number | null; signal: number | null }): string =>
  signal !== null ? `signal ${signal}` : `exit code ${code ?? "unknown"}`;

const limitWords = ({ limit }: Agent): string => {
  if (!limit || limit.isPassed) return "";
  return limit.isKnown ? `usage limit until ${clock(limit.until)}` : "usage limit, tried again by itself";
};

/** What an agent does, in words. */
export function doing(agent: Agent): string {
  if (agent.dismissed) return agent.dismissed.reason;
  if (agent.activity === "exited")
    return agent.exit ? `its program ended, ${exitWords(agent.exit)}` : "its program ended";
  const limit = limitWords(agent);
  if (limit) return limit;
  if (agent.question) return `asks to use ${agent.question.tool}`;
  if (agent.detail) return agent.detail;
  if (agent.activity === "busy") return agent.tool ? `uses ${agent.tool}` : "thinks";
  if (agent.activity === "idle") return agent.turns > 0 ? "waits for the next message" : "ready";
  return agent.activity === "starting" ? "its terminal opens" : `its CLI is ${agent.activity}`;
}

/** `$0.42`; less than a cent is said so. */
export const money = (dollars: number): string =>
  dollars > 0 && dollars < 0.01 ? "< $0.01" : `$${dollars.toFixed(2)}`;

/** `950`, `12.4k`, `3.1M`. */
export function count(n: number): string {
  if (n < 1000) return String(n);
  return n < 999_950 ? `${Math.round(n / 100) / 10}k` : `${Math.round(n / 100_000) / 10}M`;
}

/** `950 B`, `12 KB`, `3.1 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  return n < 999_500 ? `${Math.round(n / 1000)} KB` : `${Math.round(n / 100_000) / 10} MB`;
}

/** Context used, in words; unknown stays unknown. */
export function fullness({ usage }: Agent): string {
  if (!usage) return "context unknown";
  const size = usage.contextSize;
  const tokens = `${Math.round(usage.contextTokens / 100) / 10}k`;
  return size ? `context ${Math.round((100 * usage.contextTokens) / size)} %` : `context ${tokens}`;
}

export const agentName = (agent: Agent): string => agent.hire.seat ?? agent.hire.agent;

export const addressName = (of: State, address: string): string => {
  const agent = of.agents[address];
  if (agent) return agentName(agent);
  return address === "system" ? "Muster" : address === "user" ? "you" : address;
};

/** By which evidence a message counts as delivered. */
export const evidenceWords = ({ state, evidence }: Message): string =>
  state === "delivered" && evidence ? `seen in the ${evidence}` : "";

/** Where a message is, and why it is not further. */
export function deliveryWords(message: Message): string {
  if (message.state === "delivered") return message.answer ? "answered" : message.isRead ? "read" : "delivered";
  return waitWords(message);
}

/** What keeps a message from being delivered; empty = nothing does. */
export function waitWords({ state, attempt, reason, held }: Message): string {
  if (state === "delivered") return "";
  if (held && state === "queued") return `held (${held.rule}): ${held.reason}`;
  const word = state === "typing" ? `typed, attempt ${attempt}` : state;
  return reason ? `${word}: ${reason}` : word;
}

export interface MessageFact {
  name: "stored" | "delivered" | "read" | "answered";
  isTrue: boolean;
}

/** The four facts of a message, in the order in which they become true (P38). A person reads in the ledger; nobody asks when. */
export function messageFacts({ to, path, state, isRead, answer }: Message): MessageFact[] {
  const isDelivered = state === "delivered";
  const hasAnswer = answer !== undefined;
  const facts: MessageFact[] = [
    { name: "stored", isTrue: path !== undefined || isDelivered },
    { name: "delivered", isTrue: isDelivered },
    { name: "read", isTrue: isRead || hasAnswer },
    { name: "answered", isTrue: hasAnswer },
  ];
  return to === USER ? facts.slice(0, 2) : facts;
}

export const folderName = (path: string): string => path.split("/").filter(Boolean).at(-1) ?? path;
