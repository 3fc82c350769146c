import { backlogOf, nudge } from "../../core/cadence/inbox.ts";
import { rhythmIn } from "../../core/cadence/state.ts";
import { boardText } from "../../core/cadence/texts.ts";
import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { type AgentId, midBecause, SYSTEM } from "../../core/ids.ts";
import { isOpen, type State, type Team } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { membersOf, tell } from "../telling.ts";

/** A board is not asked after more often than this (P72). */
const BOARD_GAP_MS = 60_000;

/** Who keeps the board: PeerB, or who works alone. */
const boardKeeper = (team: Team): AgentId | undefined => team.seats.at(-1)?.agent;

interface Order {
  team: Team;
  event: Event;
  /** Which message of this fact's rules it is: the same fact gives the same ids. */
  n: number;
}

function give({ team, event, n }: Order, to: AgentId, text: string, beat: "self-check" | "board"): Command[] {
  const mid = midBecause(event.at, event.seq, n);
  return [
    ...tell(event, team.name, [to], text, n),
    observe({ type: "cadence.sent", team: team.name, agent: to, beat, mid }),
  ];
}

/** A request to look after the board, unless the last one was a moment ago. */
function askForBoard(state: State, order: Order, hint?: string): Command[] {
  const { team, event } = order;
  const keeper = boardKeeper(team);
  if (keeper === undefined || state.agents[keeper]?.dismissed) return [];
  const last = rhythmIn(state, keeper).sent.board?.at;
  if (last !== undefined && event.at - last < BOARD_GAP_MS) {
    const reason = "the board was asked after less than 60 s ago";
    return [observe({ type: "cadence.skipped", team: team.name, agent: keeper, beat: "board", reason })];
  }
  return give(order, keeper, boardText(hint, `${team.settings.policies.blueprint.dir}/POR.md`), "board");
}

/** Every so many handoffs a member looks at itself, and the board is asked after. */
function onHandoff(state: State, event: Event<"handoff.counted">): Command[] {
  const team = state.teams[event.team];
  if (!team) return [];
  const agent = event.to === SYSTEM ? event.from : event.to;
  const { self_check_every_handoffs: every, self_check_text: text, ...more } = team.settings.cli_profiles.delivery;
  const { sinceCheck, checks } = rhythmIn(state, agent);
  if (sinceCheck < every || state.agents[agent]?.dismissed) return [];
  const isFull = (checks + 1) % more.system_refresh_every_self_checks === 0;
  return [
    ...give({ team, event, n: 8 }, agent, text, "self-check"),
    ...(isFull ? [observe({ type: "cadence.asked", team: team.name, agent, beat: "refresh" })] : []),
    ...askForBoard(state, { team, event, n: 9 }),
  ];
}

/** Whoever makes the conversations short, or names a focus, wants a board that is true (P72). */
function onAsked(state: State, event: Event<"cadence.asked" | "team.focused">): Command[] {
  const team = state.teams[event.team];
  if (!team || (event.type === "cadence.asked" && event.beat !== "compact" && event.beat !== "clear")) return [];
  const hint = event.type === "team.focused" ? event.hint : undefined;
  return askForBoard(state, { team, event, n: 9 }, hint);
}

/** A cleared conversation knows nothing any more: SYSTEM comes again, in full. */
function onCleared(state: State, { agent, ok, action }: Event<"control.finished">): Command[] {
  const team = state.teams[state.agents[agent]?.hire.team ?? ""];
  if (!team || team.stopped || !ok || action !== "clear") return [];
  return [observe({ type: "cadence.asked", team: team.name, agent, beat: "refresh" })];
}

/** After a pause one nudge each names all that gathered; a single letter announces itself. */
function onResume(state: State, event: Event<"team.resumed">): Command[] {
  const team = state.teams[event.team];
  if (!team) return [];
  return membersOf(state, team.name).flatMap((agent, n) => {
    const { open } = backlogOf(state, agent);
    const waiting = open.filter(({ attempt }) => attempt === 0);
    if (waiting.length < 2) return [];
    const mid = midBecause(event.at, event.seq, n);
    const covers = waiting.map((message) => message.mid);
    return [
      nudge({ team, agent, at: event.at, mid, waiting, covers }),
      observe({ type: "cadence.sent", team: team.name, agent, beat: "nudge", mid, about: covers.at(-1) }),
    ];
  });
}

/** What a nudge names is delivered with it. */
function onDelivered(state: State, { mid }: Event<"message.delivered">): Command[] {
  const covered = (state.messages[mid]?.covers ?? []).filter((one) => {
    const message = state.messages[one];
    return message !== undefined && isOpen(message);
  });
  return covered.map((one) => observe({ type: "message.delivered", mid: one, evidence: "nudge" }));
}

/** What a team's rhythm makes of facts at once; what time brings is in `beats.ts`. */
export const cadenceRules: Rule[] = [
  (state, event) => {
    if (event.type === "handoff.counted") return onHandoff(state, event);
    if (event.type === "team.resumed") return onResume(state, event);
    if (event.type === "cadence.asked" || event.type === "team.focused") return onAsked(state, event);
    if (event.type === "control.finished") return onCleared(state, event);
    return event.type === "message.delivered" ? onDelivered(state, event) : [];
  },
];
