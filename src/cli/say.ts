import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ConsoleReply } from "../core/api.ts";
import type { State } from "../core/state.ts";
import { type CommandSpec, text } from "./command.ts";
import { repositoryOf } from "./repository.ts";
import { line } from "./style.ts";
import { teamFor } from "./team.ts";

export const command: CommandSpec = {
  name: "say",
  usage: "say LINE|- [--team NAME]",
  summary:
    "One line to a team, as typed into its console: a: b: or both: with a text, or a command such as /status; prints the answer. - reads it from standard input.",
  examples: [
    'muster say "a: review the auth change"',
    "muster say /status",
    'muster say "/foreman now" --team my-repo',
  ],
  flags: { team: { type: "string", value: "NAME", help: "the team (the one of this repository)" } },
  takes: [1, 1],
  async run({ words, flags, cwd, daemon, isJson, print }) {
    const [given = ""] = words;
    const said = given === "-" ? readFileSync(0, "utf8").trim() : given;
    const client = await daemon();
    const { state } = await client.get<{ state: State }>("/api/state");
    const team = teamFor(state, text(flags, "team"), repositoryOf(resolve(cwd)) ?? undefined);
    const path = `/api/teams/${encodeURIComponent(team)}/console`;
    const reply = await client.post<ConsoleReply>(path, { line: said, channel: "cli" });
    print(isJson ? JSON.stringify({ team, ...reply }, null, 1) : reply.lines.map(line).join("\n"));
    return 0;
  },
};
