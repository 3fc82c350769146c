import { type Command, observe } from "../../core/commands.ts";
import { sign } from "../../core/decide-team.ts";
import type { Event } from "../../core/facts.ts";
import { DAEMON, USER } from "../../core/ids.ts";
import { claimsIn } from "../../core/letter/claim.ts";
import { type LetterEvent, parseLetter } from "../../core/letter/parse.ts";
import { Refusal } from "../../core/refusal.ts";
import { LOCK_TTL_MS, overlapping } from "../../core/rfd/locks.ts";
import { addressName, type State, type Team } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { teamOf } from "../handoff/rules.ts";
import { tell } from "../telling.ts";
import { onClaimedRfd, onDoubt, onRefusedPatch } from "./open.ts";

/** A signature in a letter; what is wrong with it is said to whoever signed (P49). */
function signature(state: State, team: Team, event: Event<"message.queued">, line: LetterEvent, n: number): Command[] {
  const { rfd = "", decision = "", sha } = line.attributes;
  const answer = (text: string): Command[] => tell(event, team.name, [event.from], text, n);
  if (decision !== "approve" && decision !== "reject")
    return answer(`rfd-invalid: decision=${decision || "?"}; write Sign(rfd=ID, decision=approve|reject): why`);
  const command = { do: "sign", rfd, decision, reason: line.text, agent: event.from, sha } as const;
  try {
    sign(state, command, DAEMON);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return answer(`${error.message}; ${error.hint}`);
  }
  return [command];
}

function onLetter(state: State, event: Event<"message.queued">): Command[] {
  const team = event.kind === "letter" ? teamOf(state, event) : null;
  if (!team) return [];
  const signs = parseLetter(event.body).events.filter(({ kind }) => kind === "Sign");
  return [
    ...onClaimedRfd(state, team, event),
    ...signs.slice(0, 4).flatMap((line, n) => signature(state, team, event, line, 8 + n)),
    ...locks(state, team, event),
  ];
}

/** A CLAIM with files locks them, for advice; whoever works there already is told, and the author, too (P51). */
function locks(state: State, team: Team, event: Event<"message.queued">): Command[] {
  const files = [...new Set(claimsIn(event.body).flatMap((claim) => claim.files))];
  if (files.length === 0) return [];
  const { mid, from: agent, at } = event;
  const taken = observe({ type: "lock.taken", team: team.name, agent, files, mid, ttlMs: LOCK_TTL_MS });
  const others = overlapping(team, agent, files, at);
  const told = others.slice(0, 1).flatMap((lock): Command[] => {
    const [mine, theirs] = [addressName(state, agent), addressName(state, lock.agent)];
    const text = `${mine} and ${theirs} both claim ${files.join(" ")} (${theirs} since ${lock.mid}: ${lock.files.join(" ")}). A patch on the other's files waits; agree who goes first.`;
    return tell(event, team.name, [agent, lock.agent], text, 13);
  });
  return [taken, ...told];
}

/** An approved exception takes its patch up again; everybody hears of every decision (P49, P50). */
function onDecided(state: State, event: Event<"rfd.decided">): Command[] {
  const rfd = state.rfds[event.rfd];
  const team = rfd ? state.teams[rfd.team] : undefined;
  if (!rfd || !team || team.stopped) return [];
  const { decision } = event;
  const by =
    decision === "expired" ? "" : ` by ${event.decider === USER ? "the user" : addressName(state, event.decider)}`;
  const words = { approve: "approved", reject: "rejected", expired: "expired: nobody decided in time" };
  const text = `RFD ${rfd.id} "${rfd.title}" is ${words[decision]}${by}.`;
  const told = tell(event, team.name, [...team.seats.map(({ agent }) => agent), USER], text);
  const isOpening = decision === "approve" && rfd.patch !== undefined;
  return [
    ...told,
    ...(isOpening && rfd.patch ? [observe({ type: "patch.reopened", patch: rfd.patch, rfd: rfd.id })] : []),
  ];
}

function onQuestioned(state: State, event: Event<"rfd.questioned">): Command[] {
  const rfd = state.rfds[event.rfd];
  const team = rfd ? state.teams[rfd.team] : undefined;
  if (!rfd || !team) return [];
  const text = `The user wants to know more about RFD ${rfd.id} "${rfd.title}" before deciding: write it into to_user.md, with evidence.`;
  return tell(event, team.name, [rfd.author], text);
}

/** Requests for decision and advisory locks. */
export const rfdRules: Rule[] = [
  (state, event) => {
    if (event.type === "message.queued") return onLetter(state, event);
    if (event.type === "letter.parsed") return onDoubt(state, event);
    if (event.type === "patch.refused") return onRefusedPatch(state, event);
    if (event.type === "rfd.decided") return onDecided(state, event);
    return event.type === "rfd.questioned" ? onQuestioned(state, event) : [];
  },
];
