import { Refusal } from "../core/refusal.ts";
import type { State, Team } from "../core/state.ts";

const running = ({ teams }: State): Team[] => Object.values(teams).filter((team) => team.stopped === undefined);

/** The team that is meant: by name, else the one of this repository, else the only one that runs. */
export function teamFor(state: State, named: string | undefined, repo: string | undefined): string {
  const teams = running(state);
  const names = teams.map(({ name }) => name).join(", ");
  if (named !== undefined) {
    if (state.teams[named]) return named;
    throw new Refusal("missing", `no team ${named}`, names ? `teams: ${names}` : "muster run starts one");
  }
  const [first, ...others] = teams.filter((team) => team.repo === repo);
  if (first && others.length === 0) return first.name;
  const [only, ...more] = teams;
  if (!only) throw new Refusal("missing", "no team runs", "muster run starts one");
  if (more.length === 0) return only.name;
  throw new Refusal("usage", "several teams run", `say which: --team NAME, of ${names}`);
}
