import type { Client } from "../client/client.ts";
import { isListening } from "../client/connect.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { type Call, type CommandSpec, isSet } from "./command.ts";
import { repositoryOf } from "./repository.ts";

export const command: CommandSpec = {
  name: "stop",
  usage: "stop [TEAM] [--daemon]",
  summary:
    "Ends a team's agents (of this repository, unless named); mailbox and ledger stay. --daemon ends the daemon, agents live on.",
  examples: ["muster stop", "muster stop my-repo", "muster stop --daemon"],
  flags: { daemon: { type: "boolean", help: "end the daemon, not a team" } },
  takes: [0, 1],
  async run(call) {
    const { words, flags, daemon, cwd, isJson, print } = call;
    if (isSet(flags, "daemon")) {
      if (words.length > 0)
        throw new Refusal("usage", "--daemon ends the daemon, not a team", `muster stop ${words[0]} ends the team`);
      return stopDaemon(call);
    }
    const client = await daemon();
    const team = words[0] ?? teamMeant((await client.get<{ state: State }>("/api/state")).state, cwd);
    await client.post(`/api/teams/${encodeURIComponent(team)}/stop`, {});
    print(isJson ? JSON.stringify({ stopped: team }) : `team ${team} has ended`);
    return 0;
  },
};

/** Ends the daemon of this home, if one runs. */
export async function stopDaemon({ daemon, home, isJson, print }: Call): Promise<number> {
  // Asking by `daemon()` would start one.
  const isUp = await isListening(home.socket);
  if (isUp) await endDaemonAlone(await daemon(), home.socket);
  const said = isUp ? "the daemon has ended; agents live on" : "no daemon is running; agents live on";
  print(isJson ? JSON.stringify({ stopped: isUp ? "daemon" : null }) : said);
  return 0;
}

const LEAVING_MS = 5000;
const LOOK_AGAIN_MS = 10;

/** Resolves once nobody answers any more: a command that comes next starts another one. */
async function endDaemonAlone(client: Client, socket: string): Promise<void> {
  await client.post("/api/shutdown", {});
  const end = performance.now() + LEAVING_MS;
  while ((await isListening(socket)) && performance.now() < end) await Bun.sleep(LOOK_AGAIN_MS);
}

/** The team of the repository in which the person stands, else the only one. */
function teamMeant({ teams }: State, cwd: string): string {
  const running = Object.values(teams).filter((team) => !team.stopped);
  const repo = repositoryOf(cwd);
  const [first, ...others] = running;
  const own = running.find((team) => team.repo === repo) ?? (others.length === 0 ? first : undefined);
  if (own) return own.name;
  if (!first) throw new Refusal("missing", "no team is running", "muster run starts one");
  throw new Refusal("usage", "several teams are running", `name one: ${running.map((team) => team.name).join(", ")}`);
}
