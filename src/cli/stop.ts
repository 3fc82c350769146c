import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { type CommandSpec, isSet } from "./command.ts";

export const command: CommandSpec = {
  name: "stop",
  usage: "stop [TEAM] [--daemon]",
  summary: "Ends a team's agents; its mailbox and the ledger stay. --daemon ends the daemon, agents live on.",
  examples: ["muster stop", "muster stop my-repo", "muster stop --daemon"],
  flags: { daemon: { type: "boolean", help: "end the daemon, not a team" } },
  takes: [0, 1],
  async run({ words, flags, daemon, isJson, print }) {
    const client = await daemon();
    if (isSet(flags, "daemon")) {
      await client.post("/api/shutdown", {});
      print(isJson ? JSON.stringify({ stopped: "daemon" }) : "the daemon has ended; agents live on");
      return 0;
    }
    const team = words[0] ?? (await onlyTeam(await client.get<{ state: State }>("/api/state")));
    await client.post(`/api/teams/${encodeURIComponent(team)}/stop`, {});
    print(isJson ? JSON.stringify({ stopped: team }) : `team ${team} has ended`);
    return 0;
  },
};

async function onlyTeam({ state }: { state: State }): Promise<string> {
  const running = Object.values(state.teams).filter((team) => !team.stopped);
  const [first, ...others] = running;
  if (first && others.length === 0) return first.name;
  if (!first) throw new Refusal("missing", "no team is running", "muster run starts one");
  throw new Refusal("usage", "several teams are running", running.map((team) => team.name).join(", "));
}
