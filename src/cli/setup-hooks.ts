import { type CommandSpec, isSet } from "./command.ts";
import { agreeAndMake } from "./hooks/agreeing.ts";
import { setUp } from "./hooks/set-up.ts";

export const command: CommandSpec = {
  name: "setup-hooks",
  usage: "setup-hooks [--statusline] [--yes]",
  summary:
    "Lets Muster see the Claude Code sessions that you start yourself: adds hooks to your own settings (~/.claude/settings.json, or CLAUDE_CONFIG_DIR), shows the change first, keeps a backup. Everything else in the file stays as it is. muster remove-hooks takes them out again. Agents of Muster need none of this.",
  examples: ["muster setup-hooks", "muster setup-hooks --statusline --yes"],
  flags: {
    statusline: { type: "boolean", help: "a status line for your sessions as well, if you have none" },
    yes: { type: "boolean", help: "do not ask" },
  },
  async run(call) {
    const { flags, home, env, isJson, print } = call;
    const hasStatusLine = isSet(flags, "statusline");
    const change = setUp(home, env, hasStatusLine);
    const { file, isChanged } = change;
    const backup = await agreeAndMake(call, change);
    if (isJson) {
      print(JSON.stringify({ settings: file.path, changed: isChanged, backup }));
      return 0;
    }
    if (hasStatusLine && change.hasOtherStatusLine) print("Your own status line stays; ours was not added.");
    print(isChanged ? "Written. Sessions that start from now on are seen." : `${file.path} has them already.`);
    if (!change.isLoaded)
      print("Claude Code does not load settings with remarks or trailing commas (seen with 2.1.328): take them out.");
    if (backup) print(`Before: ${backup}`);
    return 0;
  },
};
