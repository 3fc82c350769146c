import { missingSignatures } from "./decide-team.ts";
import { foremanActor, foremanDue, foremanIn, hasForeman, isForemanOn } from "./errands/roles.ts";
import type { Millis } from "./ids.ts";
import { locksAgainst } from "./rfd/locks.ts";
import { addressName, isOpen, type Patch, type State, type Team } from "./state.ts";
import { span } from "./team-status.ts";
import { beatsWhy, type Moment } from "./why-beats.ts";

/** One more thing that is so, by its name. */
export interface WhyPart {
  name: string;
  text: string;
}

const part = (name: string, text: string | undefined): WhyPart[] => (text === undefined ? [] : [{ name, text }]);

/** A time of day, in UTC. */
export const clockTime = (at: Millis): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** A member of a running team: why each beat does not come now. */
export function memberParts(state: State, id: string, moment: Moment): WhyPart[] {
  const team = state.teams[state.agents[id]?.hire.team ?? ""];
  if (!team) return [];
  const left = (skipped?: { at: Millis; reason: string }): string =>
    skipped ? ` (left out at ${clockTime(skipped.at)}: ${skipped.reason})` : "";
  return beatsWhy(state, team, id, moment).map(({ beat, because, skipped }) => ({
    name: beat,
    text: because === "" ? "now" : `${because}${skipped?.reason === because ? "" : left(skipped)}`,
  }));
}

/** Why the user's proxy does not run now. */
export function foremanText(state: State, team: Team, now: Millis): string {
  if (foremanActor(team.settings) === null) return "none was chosen at start";
  if (!hasForeman(team)) return "foreman.enabled is false";
  const foreman = foremanIn(state, team.name);
  if (foreman.errand !== undefined) return "it runs now";
  if (!isForemanOn(team)) return "its timer is off: /foreman on";
  const due = foremanDue(team, foreman);
  const when = now < due ? `the next run is due in ${span(due - now)}` : "a run is due";
  const { skipped } = foreman;
  if (!skipped) return when;
  const how = skipped.isWaiting ? "waits" : "was left out";
  return `the run due at ${clockTime(skipped.due)} ${how}: ${skipped.reason}; ${when}`;
}

function pauseText(state: State, { paused }: Team): string | undefined {
  return paused && `by ${addressName(state, paused.by)} at ${clockTime(paused.at)}; /resume`;
}

function dampingText({ quiet, settings }: Team): string {
  const { max_handoffs_without_evidence: most } = settings.policies.loop_damping;
  if (most === 0) return "off";
  const held = quiet >= most ? "; further talk is held until there is some, or /resume" : "";
  return `${quiet} of ${most} handoffs without new evidence${held}`;
}

function heldText(state: State, { name }: Team): string | undefined {
  const held = Object.values(state.messages).filter((one) => one.team === name && isOpen(one) && one.held);
  return held.length === 0 ? undefined : held.map(({ mid, held: why }) => `${mid} (${why?.rule})`).join(", ");
}

/** A team: what keeps it from going on, and what is wrong in its settings. */
export function teamParts(state: State, team: Team, { now }: Moment): WhyPart[] {
  if (team.stopped !== undefined) return [];
  const cards = Object.values(state.rfds).filter((rfd) => rfd.team === team.name && !rfd.decided);
  return [
    ...part("paused", pauseText(state, team)),
    ...part("damping", team.seats.length < 2 ? undefined : dampingText(team)),
    ...part("held", heldText(state, team)),
    ...cards.flatMap(({ id }) => part("decision", cardText(state, id))),
    ...team.problems.flatMap((problem) => part("settings", problem)),
    ...part("foreman", foremanText(state, team, now)),
  ];
}

function cardText(state: State, id: string): string {
  const rfd = state.rfds[id];
  const missing = rfd ? missingSignatures(state, rfd).map((who) => addressName(state, who)) : [];
  return `${id} waits for ${missing.join(", ")}`;
}

/** A patch: whose locks lie on its paths, which request would let it pass. */
export function patchParts(state: State, patch: Patch, { now }: Moment): WhyPart[] {
  const team = state.teams[patch.team];
  if (!team || patch.state === "committed") return [];
  const locks = locksAgainst(team, patch.author, patch.paths, now).map(
    ({ agent, files, until }) =>
      `${addressName(state, agent)} works on ${files.join(" ")} for another ${span(until - now)}`,
  );
  const cards = Object.values(state.rfds).filter(({ sha, decided }) => sha === patch.sha && !decided);
  return [
    ...locks.flatMap((text) => part("lock", text)),
    ...cards.flatMap(({ id }) => part("decision", cardText(state, id))),
    ...part("refused by", patch.state === "refused" ? patch.kind : undefined),
    ...part("paused", patch.state === "queued" ? pauseText(state, team) : undefined),
  ];
}
