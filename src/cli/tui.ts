import { resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { type CommandSpec, text } from "./command.ts";
import { repositoryOf } from "./repository.ts";
import { teamFor } from "./team.ts";

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
