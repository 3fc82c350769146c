import type { Event, FactType } from "../facts.ts";
import { SYSTEM } from "../ids.ts";
import { RECENT_KEPT, type State, type Team } from "../state.ts";
import type { CadenceFact } from "./facts.ts";
import { rhythmOf } from "./state.ts";

type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

/** New evidence, a patch, a decision: the talk has moved something (P33). */
export function moved(team: Team | undefined): void {
  if (!team) return;
  team.quiet = 0;
  team.counters = [];
  team.confidence = {};
}

function parsed(state: State, { mid, team: name, author, at, print, gist, events }: Event<"letter.parsed">): void {
  const team = state.teams[name];
  if (!team) return;
  team.recent = [...team.recent, { mid, author, at, print, gist }].slice(-RECENT_KEPT);
  const hasWeight = events.some(({ kind, refs }) => (kind === "Ask" || kind === "Counter") && refs.length > 0);
  if (hasWeight) team.quiet = 0;
  if (events.some(({ kind }) => kind === "Counter") && team.counters.at(-1) !== author) team.counters.push(author);
  const confidence = events.map(({ attributes }) => Number(attributes.confidence)).find((value) => value >= 0);
  if (confidence !== undefined) team.confidence[author] = confidence;
  const progress = events.find(({ kind }) => kind === "Progress");
  const rhythm = rhythmOf(state, author);
  if (!progress) {
    // In a pair its next letter leaves the Progress behind: the peer has the word.
    if (team.seats.length > 1) delete rhythm.progress;
    return;
  }
  const next = events.find(({ kind }) => kind === "Next")?.text ?? "";
  rhythm.progress = { mid, at, next };
  rhythm.keepalives = 0;
  for (const lock of team.locks) if (lock.agent === author) lock.until = at + lock.ttlMs;
}

const FOLDS: { [T in CadenceFact["type"]]: Fold<T> } = {
  "handoff.counted": (state, { team: name, from, to }) => {
    const team = state.teams[name];
    if (team && to !== SYSTEM) team.quiet += 1;
    const rhythm = rhythmOf(state, to === SYSTEM ? from : to);
    rhythm.handoffs += 1;
    rhythm.sinceCheck += 1;
    rhythm.sinceReset += 1;
    rhythm.sinceCompact += 1;
  },
  "letter.parsed": parsed,
  "cadence.asked": (state, { agent, beat, at, seq }) => {
    rhythmOf(state, agent).asked[beat] = { at, seq };
  },
  "cadence.sent": (state, { agent, beat, at, seq, mid, about }) => {
    const rhythm = rhythmOf(state, agent);
    const before = rhythm.sent[beat];
    const times = about !== undefined && before?.about === about ? before.times + 1 : 1;
    rhythm.sent[beat] = { at, seq, mid, about, times };
    delete rhythm.skipped[beat];
    if (beat === "keepalive") rhythm.keepalives += 1;
    if (beat === "self-check") {
      rhythm.checks += 1;
      rhythm.sinceCheck = 0;
    }
    if (beat === "clear" || beat === "compact") rhythm.sinceReset = 0;
  },
  "cadence.skipped": (state, { agent, beat, at, reason }) => {
    rhythmOf(state, agent).skipped[beat] = { at, reason };
  },
};

/** Facts about the rhythm of teams: handoffs, and what their members are sent because of time and number. */
export function foldCadence(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
