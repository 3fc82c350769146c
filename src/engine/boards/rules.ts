import { blueprintOf } from "../../core/boards/blueprint.ts";
import { markersIn, quickTasksIn, VALID_MARKERS } from "../../core/boards/markers.ts";
import { PLANNED_FILES, PLANNED_LINES, weigh } from "../../core/boards/weigh.ts";
import { type Command, observe } from "../../core/commands.ts";
import { type AgentId, USER } from "../../core/ids.ts";
import { parseLetter } from "../../core/letter/parse.ts";
import type { State, Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import type { Rule } from "../engine.ts";
import { tell } from "../telling.ts";
import { boardNoticeRule } from "./notices.ts";

/** Other rules answer a letter, too: the numbers of these messages are from here on. */
const FIRST_NUMBER = 8;

/** The running team in which this agent has a seat. */
function teamOfMember(state: State, agent: AgentId): Team | undefined {
  const team = state.teams[state.agents[agent]?.hire.team ?? ""];
  return team && !team.stopped && team.seats.some((seat) => seat.agent === agent) ? team : undefined;
}

/** Markers of a member's letter, whoever it is for (P76). What is wrong with one is told to its author. */
const markerRule: Rule = (state, event) => {
  if (event.type !== "message.queued" || event.kind !== "letter") return [];
  const team = teamOfMember(state, event.from);
  if (!team || !blueprintOf(team).enabled) return [];
  const { from: author, mid: letter } = event;
  const commands: Command[] = [];
  const bad: string[] = [];
  for (const [n, marker] of markersIn(event.body).entries()) {
    if ("problem" in marker) bad.push(`${preview(marker.text)}: ${preview(marker.problem)}`);
    else commands.push(observe({ type: "task.marked", team: team.name, author, letter, n, ...marker }));
  }
  const quick = quickTasksIn(event.body).map((what) => preview(what, 80));
  commands.push(...quick.map((what) => observe({ type: "task.waived", team: team.name, letter, what })));
  if (bad.length === 0) return commands;
  const text = `Not a marker in your letter ${letter}:\n${bad.join("\n")}\n${VALID_MARKERS}`;
  return [...commands, ...tell(event, team.name, [author], text, FIRST_NUMBER)];
};

const OPTIONS = `a) a plan first: docs/por/T###-slug/task.yaml with 2 to 8 steps, then progress: T### start
b) a quick task: say so in your next letter by a line quick: <what>
c) ask the user one question that offers the choices`;

/** A person's task is weighed once, when its planner gets it (P74). */
const weighRule: Rule = (state, event) => {
  if (event.type !== "message.queued" || event.from !== USER) return [];
  const team = teamOfMember(state, event.to);
  if (team?.seats[0]?.agent !== event.to || !blueprintOf(team).enabled) return [];
  const tasks = Object.values(state.boards[team.name]?.tasks ?? {});
  // While a plan is worked on, what a person says is about it.
  if (tasks.some(({ status }) => status !== "complete")) return [];
  const { mid: letter } = event;
  const what = preview(event.body, 80);
  const weight = weigh(event.body);
  if (weight === "quick") return [observe({ type: "task.waived", team: team.name, letter, what })];
  if (weight !== "doubt") return [];
  const why = `${PLANNED_FILES} files or more, more than ${PLANNED_LINES} lines, a new module, API or dependency, what users see, data flow, a test suite`;
  const text = `Plan or quick task? "${what}" does not say. A plan comes first for ${why}. Choose one:\n${OPTIONS}`;
  return tell(event, team.name, [event.to], text, FIRST_NUMBER + 1);
};

/** PeerA agrees to what PeerB proposed: a letter that begins with ACK, or acknowledges one of PeerB's (P71). */
const ackRule: Rule = (state, event) => {
  if (event.type !== "message.queued" || event.kind !== "letter") return [];
  const team = teamOfMember(state, event.from);
  const [first, second] = team?.seats ?? [];
  if (!team || !second || event.from !== first?.agent || event.to !== second.agent) return [];
  const { newestSheet = 0 } = state.boards[team.name] ?? {};
  const proposed = Object.values(state.messages).filter(
    ({ from, to, seq }) => from === second.agent && to === first.agent && seq > newestSheet,
  );
  const acks = parseLetter(event.body).acks.filter(({ isNack }) => !isNack);
  const isAck =
    /^\s*ACK\b/.test(event.body) || acks.some(({ mid }) => proposed.some((proposal) => proposal.mid === mid));
  if (!isAck || proposed.length === 0) return [];
  return [observe({ type: "subpor.acked", team: team.name, letter: event.mid })];
};

/** A COUNTER of the reviewer to a plan that has not begun; two end the review (P75). */
const counterRule: Rule = (state, event) => {
  if (event.type !== "message.queued" || event.kind !== "letter") return [];
  const team = teamOfMember(state, event.from);
  if (!team || event.from !== team.seats.at(-1)?.agent) return [];
  if (!/^\s*(?:[-*] )?COUNTER\b/im.test(event.body)) return [];
  const tasks = Object.values(state.boards[team.name]?.tasks ?? {});
  const open = tasks.filter(({ status, isReviewed }) => status === "planned" && !isReviewed);
  const named = open.filter(({ id }) => event.body.includes(id));
  const [only, ...others] = named.length > 0 ? named : open;
  if (!only || others.length > 0) return [];
  return [observe({ type: "task.countered", team: team.name, id: only.id, letter: event.mid })];
};

/** Rules about what members and people write, and about what they are told of boards. */
export const boardRules: Rule[] = [markerRule, weighRule, ackRule, counterRule, boardNoticeRule];
