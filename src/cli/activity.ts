import { type CommandSpec, count } from "./command.ts";
import { clockTime, line, paint, table } from "./style.ts";

interface Row {
  seq: number;
  at: number;
  by: string;
  cause?: number;
  who: string;
  text: string;
}

export const command: CommandSpec = {
  name: "activity",
  usage: "activity [--limit N]",
  summary:
    "What happened by itself, newest first: triggers, approvals, modes, tasks, the lead, limits; who, why, what.",
  examples: ["muster activity --limit 20", "muster activity --json"],
  flags: { limit: { type: "string", value: "N", default: "50", help: "how many rows (50)" } },
  async run({ flags, daemon, isJson, print }) {
    const rows = await (await daemon()).get<Row[]>(`/api/triggers/activity?limit=${count(flags, "limit", 1000)}`);
    if (isJson) print(JSON.stringify(rows, null, 1));
    else if (rows.length === 0) print("Nothing has happened by itself yet.");
    else
      print(
        table(
          rows.map(({ seq, at, who, text, by }) => [
            paint("dim", `#${seq}`),
            paint("dim", clockTime(at)),
            who,
            line(text),
            by === "system" ? "" : by,
          ]),
        ),
      );
    return 0;
  },
};
