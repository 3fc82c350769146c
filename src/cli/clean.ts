import { type CommandSpec, count, isSet } from "./command.ts";
import { gone } from "./delete.ts";
import { paint } from "./style.ts";

const jobs = (count: number): string => (count === 1 ? "1 agent" : `${count} agents`);

export const command: CommandSpec = {
  name: "clean",
  usage: "clean [--days N] [--dry-run]",
  summary:
    "Removes agents whose jobs ended more than so many days ago, with all their files. Those whose terminal is still open stay. What happened stays in the ledger.",
  examples: ["muster clean --dry-run", "muster clean --days 30"],
  flags: {
    days: { type: "string", value: "N", default: "7", help: "how old they must be (7)" },
    "dry-run": { type: "boolean", help: "say which, remove nothing" },
  },
  async run({ flags, daemon, isJson, print }) {
    const dry = isSet(flags, "dry-run");
    const client = await daemon();
    const order = { maxAgeDays: count(flags, "days", 36_500), dry };
    const { agents, living } = await client.post<{ agents: string[]; living: string[] }>("/api/jobs/cleanup", order);
    if (!dry) await gone(client, agents);
    if (isJson) {
      print(JSON.stringify({ agents, living, dry }));
      return 0;
    }
    const open =
      living.length > 0 ? `\n${paint("dim", `${jobs(living.length)} as old still open: muster kill ID`)}` : "";
    const list = agents.map((id) => `\n${id}`).join("");
    print(`${jobs(agents.length)} ${dry ? "would be removed" : "removed"}${list}${open}`);
    return 0;
  },
};
