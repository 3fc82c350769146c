import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { State } from "../core/state.ts";
import { type CommandSpec, text } from "./command.ts";
import { repositoryOf } from "./repository.ts";
import { line } from "./style.ts";
import { teamFor } from "./team.ts";

export const command: CommandSpec = {
  name: "aux",
  usage: "aux PROMPT|- [--team NAME]",
  summary:
    "Has the helper of a team do one thing, in the background; its answer comes as a letter. Peers call it as well. - reads the prompt from standard input.",
  examples: ['muster aux "list the callers of parseLetter, with line numbers"', "muster aux - < question.txt"],
  flags: { team: { type: "string", value: "NAME", help: "the team (the one of this repository; a peer's own)" } },
  takes: [1, 1],
  async run({ words, flags, cwd, env, daemon, isJson, print }) {
    const [given = ""] = words;
    const prompt = given === "-" ? readFileSync(0, "utf8") : given;
    const client = await daemon();
    const named = text(flags, "team");
    // A peer's token says whose it is; it may not look at the whole state.
    const find = async () => {
      const { state } = await client.get<{ state: State }>("/api/state");
      return teamFor(state, named, repositoryOf(resolve(cwd)) ?? undefined);
    };
    const team = env.MUSTER_TOKEN ? named : await find();
    const asked = await client.post<{ team: string; lines: string[] }>("/api/aux", { prompt, team });
    print(isJson ? JSON.stringify(asked, null, 1) : asked.lines.map(line).join("\n"));
    return 0;
  },
};
