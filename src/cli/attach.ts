import { spawnSync } from "node:child_process";
import { type CommandSpec, isSet } from "./command.ts";

/** Hands this terminal over to the attach command that the daemon named; comes back when the person detaches. */
export function enter(argv: string[]): number {
  const [program = "", ...args] = argv;
  const { TMUX: _outer, ...env } = process.env;
  const done = spawnSync(program, args, { stdio: "inherit", env });
  return done.status ?? 1;
}

export const command: CommandSpec = {
  name: "attach",
  usage: "attach ID|TEAM [--print]",
  summary: "Enters an agent's terminal, or the layout of a team. Ctrl-b d leaves; nothing ends.",
  examples: ["muster attach a1b2", "muster attach my-repo", "muster attach a1b2 --print"],
  flags: { print: { type: "boolean", help: "print the command instead of running it" } },
  takes: [1, 1],
  async run({ words, flags, daemon, isJson, isTty, print }) {
    const client = await daemon();
    const { argv } = await client.get<{ argv: string[] }>(`/api/attach/${encodeURIComponent(words[0] ?? "")}`);
    if (isJson) print(JSON.stringify({ argv }));
    else if (isSet(flags, "print") || !isTty) print(argv.join(" "));
    else return enter(argv);
    return 0;
  },
};
