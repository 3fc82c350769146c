import { resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { paint } from "./style.ts";
import { openAsker } from "./wizard/terminal.ts";

interface Done {
  purged: string[];
  archived: string[];
}

const WHAT = "the mailbox, work files, logs and state of this repository's teams";

export const command: CommandSpec = {
  name: "reset",
  usage: "reset [--archive] [--yes]",
  summary:
    "Empties what teams left in this repository: mailbox, work files, logs, state. Settings and boards stay. Refused while a team runs.",
  examples: ["muster reset", "muster reset --archive --yes"],
  flags: {
    archive: { type: "boolean", help: "first move task folders to docs/por/_archive/<time>/" },
    yes: { type: "boolean", help: "do not ask" },
    dir: { type: "string", short: "d", value: "PATH", help: "the repository, or a folder in it (here)" },
  },
  async run(call) {
    const { flags, cwd, daemon, isJson, print } = call;
    const repo = requireRepository(resolve(cwd, text(flags, "dir") ?? "."));
    if (!isSet(flags, "yes")) {
      const asker = openAsker(call);
      if (!asker) throw new Refusal("usage", `this deletes ${WHAT}`, "muster reset --yes agrees");
      const answer = await asker.ask(`Delete ${WHAT} in ${repo}? y = yes: `);
      if (answer?.trim().toLowerCase() !== "y") throw new Refusal("failed", "nothing was deleted", "y would have");
    }
    const client = await daemon();
    const done = await client.post<Done>("/api/premises/reset", { repo, archive: isSet(flags, "archive") });
    if (isJson) print(JSON.stringify({ repo, ...done }));
    else {
      const lines = [
        ...done.archived.map((path) => `moved    ${path}`),
        ...done.purged.map((path) => `emptied  ${path}`),
      ];
      print([paint("bold", repo), ...(lines.length > 0 ? lines : ["nothing was there"])].join("\n"));
    }
    return 0;
  },
};
