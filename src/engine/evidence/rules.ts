import { type Command, type Letter, observe } from "../../core/commands.ts";
import type { Event, PatchStep } from "../../core/facts.ts";
import { midBecause, SYSTEM, USER } from "../../core/ids.ts";
import { OVERTAKEN } from "../../core/sentence.ts";
import { addressName, evidenceKey, type Patch, type State } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { membersOf, tell } from "../telling.ts";

/** One line to each member while a patch is being checked; the same patch gives the same ids. */
export function standby(state: State, patch: Patch): Letter[] {
  const author = addressName(state, patch.author);
  const text = `Stand by: ${patch.id} "${patch.title}" by ${author} is being checked; its result comes by itself.`;
  return membersOf(state, patch.team).map((to, n) => ({
    ...{ mid: midBecause(patch.at, patch.seq, n), from: SYSTEM, to, kind: "system", text, team: patch.team },
  }));
}

/** A line to stand by that was not typed yet is useless once the result is there. */
const overtaken = (state: State, patch: Patch): Command[] =>
  standby(state, patch)
    .filter(({ mid }) => state.messages[mid]?.state === "queued" && state.messages[mid].attempt === 0)
    .map(({ mid }) => observe({ type: "message.died", mid, reason: OVERTAKEN }));

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`;

/** `test ok (bun test, rc=0, 3.1 s)`; what was not run is never called ok. */
function stepLine({ step, command, code, millis }: PatchStep): string {
  if (code === null) return step === "test" ? "no tests" : `no ${step}`;
  return `${step} ${code === 0 ? "ok" : "failed"} (${command}, rc=${code}, ${seconds(millis)})`;
}

/** One request each time; the next failure brings the next (P52). */
const REPAIR = "\n\nPropose one repair: the smallest patch that makes this pass, or one decidable question.";

/** The author gets the reason and what the tools really said (P41), everybody else the result (P46). */
function refused(state: State, event: Event<"patch.refused">): Command[] {
  const patch = state.patches[event.patch];
  if (!patch) return [];
  const output = event.body.trim() === "" ? "" : `\n\n${event.body}`;
  const repair = event.kind.endsWith("-fail") ? REPAIR : "";
  const text = `${patch.id} "${patch.title}": patch-${event.kind}(${event.reason})${output}${repair}`;
  const members = membersOf(state, patch.team);
  const others = [...members.filter((agent) => agent !== patch.author), USER];
  const author = addressName(state, patch.author);
  const short = `${patch.id} "${patch.title}" by ${author} was refused: patch-${event.kind}(${event.reason})`;
  return [
    ...overtaken(state, patch),
    ...tell(event, patch.team, members.includes(patch.author) ? [patch.author] : [], text),
    ...tell(event, patch.team, others, short, 1),
  ];
}

/** Everybody learns of a commit (P46). */
function committed(state: State, event: Event<"patch.committed">): Command[] {
  const patch = state.patches[event.patch];
  if (!patch) return [];
  const author = addressName(state, patch.author);
  const steps = event.steps.map(stepLine).join("; ");
  const text = `${patch.id} "${patch.title}" by ${author} is commit ${event.commit.slice(0, 10)} on ${event.branch}.\n${patch.lines} lines; ${steps}`;
  return [...overtaken(state, patch), ...tell(event, patch.team, [...membersOf(state, patch.team), USER], text)];
}

/** A reference that is wrong is shown to both, with what Muster saw (P47). */
function judged(state: State, event: Event<"evidence.judged">): Command[] {
  const evidence = state.evidence[evidenceKey(event)];
  if (!evidence || event.verdict !== "refuted") return [];
  const author = addressName(state, evidence.author);
  const text = `Evidence refuted: ${event.ref} in ${author}'s letter ${event.mid}.\n${event.detail}`;
  return tell(event, evidence.team, membersOf(state, evidence.team), text);
}

/** What people and peers are told about patches and references. */
export const patchRules: Rule[] = [
  (state, event) => {
    if (event.type === "patch.refused") return refused(state, event);
    if (event.type === "patch.committed") return committed(state, event);
    return event.type === "evidence.judged" ? judged(state, event) : [];
  },
];
