import { type Command, type Observation, observe } from "../core/commands.ts";
import type { AgentId, Millis } from "../core/ids.ts";
import { resetTime } from "../core/limits/reset.ts";
import type { Driver, Reading, Signal } from "../core/ports.ts";
import { preview, previewEnds } from "../core/text.ts";

/** Longest tool input shown with a question; the whole payload is in the bulk tables. */
const INPUT_SHOWN = 2000;

/** Characters of an agent's last words in a turn that its fact holds. */
const SUMMARY_SHOWN = 500;

/** A limit whose end nobody names is tried again after so long. */
const UNKNOWN_LIMIT_MS = 900_000;

/** How the signal came in, for the facts that must name it. */
export interface Heard {
  agent: AgentId;
  signal: Signal;
  /** Row of the payload in the bulk tables; 0 when it is not kept. */
  row: number;
  /** Id under which an open question can be answered. */
  question?: string;
  now: Millis;
  /** Time zone of the machine, in which CLIs tell times. */
  zone: string;
}

function turnFacts(agent: AgentId, reading: Reading): Observation[] {
  if (reading.turn === undefined) return [];
  if (reading.turn === "started") return [{ type: "turn.started", agent }];
  const outcome = reading.turn === "done" ? "done" : reading.activity === "limited" ? "limited" : "failed";
  return [{ type: "turn.ended", agent, outcome, summary: previewEnds(reading.summary ?? "", SUMMARY_SHOWN) }];
}

function limitFacts({ agent, now, zone }: Heard, { activity, summary = "" }: Reading): Observation[] {
  if (activity !== "limited") return [];
  const until = resetTime(summary, now, zone);
  return [{ type: "limit.reached", agent, until: until ?? now + UNKNOWN_LIMIT_MS, isKnown: until !== null }];
}

function factsOf(heard: Heard, reading: Reading): Observation[] {
  const { agent, question } = heard;
  const facts: Observation[] = [];
  const { session, transcript, usage, activity, detail } = reading;
  if (session) facts.push({ type: "session.started", agent, session, transcript });
  if (reading.isCompacted) facts.push({ type: "session.compacted", agent });
  if (usage) facts.push({ type: "usage.measured", agent, ...usage });
  if (reading.question && question) {
    const { tool, input } = reading.question;
    facts.push({ type: "permission.asked", agent, question, tool, input: preview(input, INPUT_SHOWN) });
  }
  facts.push(...turnFacts(agent, reading), ...limitFacts(heard, reading));
  // Its program's end is told by the terminal, with its exit code.
  if (activity && activity !== "exited") facts.push({ type: "agent.changed", agent, activity, detail });
  return facts;
}

/**
 * Hooks run side by side and overtake each other (seen with Claude Code 2.1.328), so a CLI that keeps a state record is
 * believed there about what it is doing; only a limit is known from hooks alone.
 */
function told(driver: Driver, signal: Signal): Reading | null {
  const reading = driver.hear(signal);
  if (!reading || signal.from !== "hook" || !driver.record || reading.activity === "limited") return reading;
  return { ...reading, activity: undefined };
}

const readsOf = (reading: Reading | null): { reads?: string } => (reading?.reads ? { reads: reading.reads } : {});

/** What a CLI's signal makes true. The hook itself is a small fact; its payload stays in the bulk tables. */
export function hear(driver: Driver, heard: Heard): Command {
  const { agent, signal, row } = heard;
  const reading = told(driver, signal);
  const facts = reading ? factsOf(heard, reading) : [];
  if (signal.from === "hook")
    facts.unshift({ type: "hook.heard", agent, event: signal.event, tool: reading?.tool, row, ...readsOf(reading) });
  return observe(...facts);
}
