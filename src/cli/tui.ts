import { resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";
import type { State, Team } from "../core/state.ts";
import { type CommandSpec, text } from "./command.ts";
import { repositoryOf } from "./repository.ts";

const running = ({ teams }: State): Team[] => Object.values(teams).filter((team) => team.stopped === undefined);

/** The team that is meant: by name, else the one of this repository, else the only one that runs. */
function teamFor(state: State, named: string | undefined, repo: string | undefined): string {
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
  throw new Refusal("usage", "several teams run", `muster tui TEAM, of ${names}`);
}

export const command: CommandSpec = {
  name: "tui",
  usage: "tui [TEAM]",
  summary:
    "The console of a team: what happens, how it is, and a line to speak to it. /quit leaves; the team works on.",
  examples: ["muster tui", "muster tui my-repo"],
  flags: { team: { type: "string", value: "NAME", help: "the team; as the word without a flag" } },
  takes: [0, 1],
  async run({ words, flags, cwd, env, daemon, isTty, isJson }) {
    if (!isTty || isJson || !process.stdin.isTTY)
      throw new Refusal("usage", "the console needs a terminal", "muster status and muster ledger --follow need none");
    const client = await daemon();
    const { state } = await client.get<{ state: State }>("/api/state");
    const team = teamFor(state, text(flags, "team") ?? words[0], repositoryOf(resolve(cwd)) ?? undefined);
    const { openConsole } = await import("../tui/open-console.ts");
    return openConsole(client, team, env);
  },
};
