import type { CommandSpec } from "./command.ts";
import { agreeAndMake } from "./hooks/agreeing.ts";
import { takeDown } from "./hooks/set-up.ts";

export const command: CommandSpec = {
  name: "remove-hooks",
  usage: "remove-hooks [--yes]",
  summary:
    "Takes out of your Claude Code settings what muster setup-hooks put in, and nothing else. When nobody changed the file since, it is again what it was, to the byte.",
  examples: ["muster remove-hooks", "muster remove-hooks --yes"],
  flags: { yes: { type: "boolean", help: "do not ask" } },
  async run(call) {
    const { home, env, isJson, print } = call;
    const change = takeDown(home, env);
    const backup = await agreeAndMake(call, change);
    const { file, isChanged } = change;
    if (isJson) print(JSON.stringify({ settings: file.path, changed: isChanged, backup }));
    else {
      print(isChanged ? "Removed." : `Nothing of ours is in ${file.path}.`);
      if (backup) print(`Before: ${backup}`);
    }
    return 0;
  },
};
