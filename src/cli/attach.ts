import { spawnSync } from "node:child_process";
import type { Client } from "../client/client.ts";
import { Refusal } from "../core/refusal.ts";
import { shellWord } from "../core/shell-word.ts";
import { type Agent, isAlive, type State } from "../core/state.ts";
import { type CommandSpec, isSet } from "./command.ts";
import { paint } from "./style.ts";

function afterwards(name: string, { teams }: State, agent: Agent | undefined): string {
  const team = teams[name];
  const isOver = team ? team.stopped !== undefined : !agent || !isAlive(agent);
  const what = team ? `team ${name}` : `agent ${name}`;
  if (isOver) return `${what} has ended; muster ${team ? `ledger --team ${name}` : `output ${name}`} has what happened`;
  return `${what} works on. ${paint("dim", `muster attach ${name} comes back; muster ${team ? "stop" : "kill"} ${name} ends it`)}`;
}

/** Hands this terminal over to an agent or a team's window, and says how things stand once the person has left. */
export async function enter(client: Client, name: string, print: (text: string) => void): Promise<number> {
  const { argv } = await client.get<{ argv: string[] }>(`/api/attach/${encodeURIComponent(name)}`);
  const [program = "", ...args] = argv;
  const { TMUX: _outer, ...env } = process.env;
  const done = spawnSync(program, args, { stdio: "inherit", env });
  if (done.status !== 0)
    throw new Refusal("failed", "tmux cannot draw on this terminal", "muster watch and muster dashboard need none");
  const { state } = await client.get<{ state: State }>("/api/state");
  const agent = Object.values(state.agents).find(({ hire }) => argv.at(-1) === `=muster-${hire.agent}`);
  print(afterwards(state.teams[name] ? name : (agent?.hire.agent ?? name), state, agent));
  return 0;
}

export const command: CommandSpec = {
  name: "attach",
  usage: "attach ID|TEAM [--print]",
  summary: "Enters an agent's terminal, or the window of a team. Ctrl-b d leaves; nothing ends.",
  examples: ["muster attach a1b2", "muster attach my-repo", "muster attach a1b2 --print"],
  flags: { print: { type: "boolean", help: "print the command instead of running it" } },
  takes: [1, 1],
  async run({ words, flags, daemon, isJson, isTty, print }) {
    const [name = ""] = words;
    const client = await daemon();
    if (isTty && !isJson && !isSet(flags, "print")) return enter(client, name, print);
    const { argv } = await client.get<{ argv: string[] }>(`/api/attach/${encodeURIComponent(name)}`);
    print(isJson ? JSON.stringify({ argv }) : argv.map(shellWord).join(" "));
    return 0;
  },
};
