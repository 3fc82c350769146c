import { join } from "node:path";
import { CliHome } from "../files/cli-home.ts";
import type { Parts } from "./parts.ts";

/** Claude Code's folder of whoever started the daemon, as its own settings name it. */
export function cliHomeOf({ env, home }: Pick<Parts, "env" | "home">): CliHome {
  const { CLAUDE_CONFIG_DIR: named, HOME: user = "/" } = env;
  return named ? new CliHome(named, named, home.folder) : new CliHome(join(user, ".claude"), "~/.claude", home.folder);
}
