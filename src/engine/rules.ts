import { type Command, observe } from "../core/commands.ts";
import type { Event } from "../core/facts.ts";
import { isKept } from "../core/living.ts";
import type { State } from "../core/state.ts";
import type { Rule } from "./engine.ts";

/** A job ends with its turn, or with its program; never because of a text on the screen. */
export const jobRule: Rule = (state, event) => {
  if (event.type === "turn.ended") return onTurnEnd(state, event);
  if (event.type === "terminal.exited") return onExit(state, event);
  if (event.type === "terminal.lost") {
    const job = openJob(state, event.agent);
    const lost = job ? [observe({ type: "job.finished", job, outcome: "lost", reason: event.reason })] : [];
    return [...lost, ...deadLetters(state, event.agent)];
  }
  return [];
};

function openJob(state: State, agent: string): string | null {
  const id = state.agents[agent]?.job;
  return id && state.jobs[id]?.outcome === undefined ? id : null;
}

function onTurnEnd(state: State, event: Event<"turn.ended">): Command[] {
  const job = openJob(state, event.agent);
  const record = job ? state.jobs[job] : undefined;
  // A turn that ended before the prompt arrived was not this job's.
  if (!job || !record || state.messages[record.mid]?.state === "queued") return [];
  if (event.outcome === "limited") return [];
  if (event.outcome === "failed") {
    return [observe({ type: "job.finished", job, outcome: "failed", reason: event.summary || "the turn failed" })];
  }
  return [observe({ type: "job.finished", job, outcome: "completed", reason: "" })];
}

function onExit(state: State, event: Event<"terminal.exited">): Command[] {
  const job = openJob(state, event.agent);
  const commands: Command[] = [];
  if (job) {
    const { code, signal } = event;
    const how = signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
    const outcome = code === 0 ? "completed" : "failed";
    commands.push(observe({ type: "job.finished", job, outcome, reason: code === 0 ? "" : how, exitCode: code }));
  }
  return [...commands, ...deadLetters(state, event.agent)];
}

/** Messages to an agent that will not come back die with a reason. */
function deadLetters(state: State, agent: string): Command[] {
  const known = state.agents[agent];
  return known && isKept(known)
    ? []
    : Object.values(state.messages)
        .filter((message) => message.to === agent && (message.state === "queued" || message.state === "typing"))
        .map(({ mid }) => observe({ type: "message.died", mid, reason: `agent ${agent} has ended` }));
}
