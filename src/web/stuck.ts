import type { Millis } from "../core/ids.ts";
import { isOpen, type State, type Team } from "../core/state.ts";
import { preview } from "../core/text.ts";

/** Something of a team that does not go on, though nobody is asked. */
export interface Stuck {
  key: string;
  team: string;
  what: string;
  why: string;
  since: Millis;
  /** What the daemon is asked about, for more. */
  about: string;
}

function paused({ name, paused }: Team): Stuck[] {
  if (!paused) return [];
  const why = "letters and patches wait until somebody resumes it";
  return [{ key: `paused ${name}`, team: name, what: "is paused", why, since: paused.at, about: name }];
}

/** One line for all letters that are kept back, by the oldest. */
function held(of: State, { name }: Team): Stuck[] {
  const letters = Object.values(of.messages).filter(
    (message) => message.team === name && message.held && isOpen(message),
  );
  const [first] = letters.toSorted((a, b) => a.at - b.at);
  if (!first?.held) return [];
  const what = letters.length === 1 ? "1 letter is held" : `${letters.length} letters are held`;
  return [
    { key: `held ${name}`, team: name, what, why: preview(first.held.reason, 200), since: first.at, about: first.mid },
  ];
}

/** Steps of its plan that say themselves why they do not go on. */
function blocked(of: State, { name }: Team): Stuck[] {
  const tasks = Object.values(of.boards[name]?.tasks ?? {});
  return tasks.flatMap(({ id, blocked, startedAt, plannedAt }) =>
    Object.entries(blocked).map(([step, why]) => ({
      ...{ key: `blocked ${name} ${id} ${step}`, team: name, what: `${id} ${step} is blocked` },
      ...{ why: preview(why, 200), since: startedAt ?? plannedAt, about: name },
    })),
  );
}

/** All of it, what waits longest first; teams that have ended wait for nothing. */
export const stuck = (of: State): Stuck[] =>
  Object.values(of.teams)
    .filter(({ stopped }) => stopped === undefined)
    .flatMap((team) => [...paused(team), ...held(of, team), ...blocked(of, team)])
    .sort((a, b) => a.since - b.since);
