import { nameOf, quiet, type Sayings } from "../saying.ts";
import type { Beat, CadenceFact } from "./facts.ts";

const WORDS: Record<Beat, string> = {
  keepalive: "told to go on",
  "self-check": "self-check",
  refresh: "rules and project repeated",
  board: "asked to look after the board",
  nudge: "reminded of its inbox",
  compact: "told to compact its context",
  clear: "told to clear its context",
  idle: "idle, waiting for you",
};

const events = (kinds: string[]): string => [...new Set(kinds)].join(", ");

export const CADENCE_SAYINGS: Sayings<CadenceFact["type"]> = {
  "handoff.counted": ({ from, to }, state) => ({
    ...quiet(`handoff to ${nameOf(state, to)}`),
    who: nameOf(state, from),
  }),
  "letter.parsed": ({ author, events: said }, state) => ({
    ...quiet(said.length === 0 ? "letter without event lines" : `letter with ${events(said.map(({ kind }) => kind))}`),
    who: nameOf(state, author),
  }),
  "cadence.asked": ({ beat }) => quiet(`${beat} asked for`),
  "cadence.sent": ({ beat }) => quiet(WORDS[beat]),
  "cadence.skipped": ({ beat, reason }) => quiet(`${beat} not given: ${reason}`),
};
