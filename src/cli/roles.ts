import { resolve } from "node:path";
import { type CommandSpec, text } from "./command.ts";
import { paintLevel } from "./jobs.ts";
import { premisesOf, requireSound, roleCells, roleRows } from "./premises.ts";
import { requireRepository } from "./repository.ts";
import { paint, table } from "./style.ts";

const TITLES = ["ROLE", "DRIVER", "LEVEL", "FOLDER", "COMMAND", "PROGRAM"];

export const command: CommandSpec = {
  name: "roles",
  usage: "roles [--dir PATH]",
  summary:
    "Who would sit where at the next run: driver, permission level, folder, command, and whether its program is there.",
  examples: ["muster roles", "muster roles --json"],
  flags: { dir: { type: "string", short: "d", value: "PATH", help: "the repository, or a folder in it (here)" } },
  async run({ flags, cwd, env, daemon, isJson, print }) {
    const repo = requireRepository(resolve(cwd, text(flags, "dir") ?? "."));
    const premises = await premisesOf(await daemon(), repo);
    requireSound(premises);
    const { rows, notes } = roleRows(premises, env);
    if (isJson) print(JSON.stringify({ repo, roles: rows, notes }, null, 1));
    else {
      const cells = rows.map((row) => {
        const shown = roleCells(row);
        return shown[2] === "" ? shown : shown.with(2, paintLevel(row.permission));
      });
      print(table([TITLES.map((title) => paint("dim", title)), ...cells]));
      for (const note of notes) print(paint("dim", note));
    }
    return 0;
  },
};
