import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { midBecause, SYSTEM, USER } from "../../core/ids.ts";
import { gistOf, printOf } from "../../core/letter/gist.ts";
import { parseLetter } from "../../core/letter/parse.ts";
import { isOpen, type Message, type State, type Team } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { tip } from "../letters/tips.ts";
import { tell } from "../telling.ts";
import { type Handed, type Hold, holdOf } from "./filter.ts";

type Queued = Event<"message.queued">;

/** The team within which a letter was written, if its author is a member of one that runs. */
export function teamOf(state: State, { team: name, from }: { team?: string; from: string }): Team | null {
  const team = name === undefined ? undefined : state.teams[name];
  return team && !team.stopped && team.seats.some(({ agent }) => agent === from) ? team : null;
}

const isMember = (team: Team, agent: string): boolean => team.seats.some((seat) => seat.agent === agent);

/** From peer to peer; alone, from the agent to the System. */
const isHandoff = (team: Team, { from, to }: { from: string; to: string }): boolean =>
  from !== to && (isMember(team, to) || (to === SYSTEM && team.seats.length === 1));

function onLetter(state: State, event: Queued): Command[] {
  const team = event.kind === "letter" ? teamOf(state, event) : null;
  if (!team) return [];
  const { mid, from, to, at, body } = event;
  const parsed = parseLetter(body);
  const letter: Handed = { mid, from, to, at, body, parsed };
  // Judged by what came before it: only then is it one of them.
  const isBetweenPeers = isMember(team, to) && isHandoff(team, event);
  const hold = isBetweenPeers ? holdOf(state, team, letter) : null;
  const contents = { mid, team: team.name, author: from, print: printOf(body), gist: gistOf(body) };
  return [
    ...(isBetweenPeers || to === SYSTEM
      ? [observe({ type: "letter.parsed", ...contents, events: parsed.events })]
      : []),
    ...(hold ? held(state, team, event, hold) : []),
    ...(!hold && isHandoff(team, event) ? [counted(team, event)] : []),
  ];
}

const counted = (team: Team, { mid, from, to }: { mid: string; from: string; to: string }): Command =>
  observe({ type: "handoff.counted", team: team.name, from, to, mid });

function held(state: State, team: Team, event: Queued, hold: Hold): Command[] {
  const { mid } = event;
  const commands = [observe({ type: "message.held", mid, ...hold })];
  if (hold.rule === "damping") return [...commands, ...calm(state, team, event, hold)];
  if (hold.rule === "cooldown" || hold.rule === "duplicate") return commands;
  const text = `your letter ${mid} was not handed over: ${hold.reason}. Write what is new: a patch, evidence, a question, the next step. The user can let it go with /release ${mid}.`;
  const order = { mid: midBecause(event.at, event.seq, 1), at: event.at, author: event.from, team: team.name };
  const lesson = tip(state, { ...order, kind: "held", text });
  return lesson ? [...commands, { do: "send", letter: lesson }] : commands;
}

/** The number before is a tip's, of a held letter. */
const FIRST_CALM = 2;

const isDamped = (message: Message, team: Team): boolean =>
  message.team === team.name && isOpen(message) && message.held?.rule === "damping";

/** One line to each member and to the person; the next held letter of the same talk says nothing more. */
function calm(state: State, team: Team, event: Queued, { reason }: Hold): Command[] {
  const isTold = Object.values(state.messages).some((other) => other.mid !== event.mid && isDamped(other, team));
  if (isTold) return [];
  const toPeers = `Letters between you are held: ${reason}. Bring new evidence: a patch, a commit, a test's result, or a Counter or Ask with a reference. Until then the user's /resume lets them go.`;
  const toUser = `letters in ${team.name} are held: ${reason}. New evidence lets them go, or /resume.`;
  const peers = team.seats.map(({ agent }) => agent);
  return [
    ...tell(event, team.name, peers, toPeers, FIRST_CALM),
    ...tell(event, team.name, [USER], toUser, FIRST_CALM + peers.length),
  ];
}

/** A released letter is a handoff like any other. */
function onRelease(state: State, { mid }: Event<"message.released">): Command[] {
  const message = state.messages[mid];
  const team = message ? teamOf(state, message) : null;
  return message && team && isHandoff(team, message) ? [counted(team, message)] : [];
}

/** Something new came: the talk goes on. */
function onEvidence(state: State, name: string | undefined): Command[] {
  const team = name === undefined ? undefined : state.teams[name];
  if (!team || team.quiet > 0) return [];
  const damped = Object.values(state.messages).filter((message) => isDamped(message, team));
  return damped.map(({ mid }) => observe({ type: "message.released", mid }));
}

/** Whoever writes back has answered what was delivered to it last. */
function onAnswer(state: State, { kind, from, to, mid }: Queued): Command[] {
  if (kind !== "letter") return [];
  const asked = Object.values(state.messages).filter(
    (message) =>
      message.to === from && message.from === to && message.state === "delivered" && message.answer === undefined,
  );
  return asked.map((message) => observe({ type: "message.answered", mid: message.mid, answer: mid }));
}

/** What the letters of a team mean for its talk: handoffs, holds, answers. */
export const handoffRules: Rule[] = [
  (state, event) => {
    if (event.type === "message.queued") return [...onLetter(state, event), ...onAnswer(state, event)];
    if (event.type === "message.released") return onRelease(state, event);
    if (event.type === "evidence.judged" && event.verdict === "verified") {
      return onEvidence(state, state.messages[event.mid]?.team);
    }
    if (event.type === "patch.received") return onEvidence(state, event.team);
    return event.type === "rfd.decided" ? onEvidence(state, state.rfds[event.rfd]?.team) : [];
  },
];
