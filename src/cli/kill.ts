import { type CommandSpec, isSet } from "./command.ts";

export const command: CommandSpec = {
  name: "kill",
  usage: "kill ID [--completed]",
  summary: "Ends an agent: its process group and its terminal. An open job becomes failed: killed by user.",
  examples: ["muster kill a1b2", "muster kill a1b2 --completed"],
  flags: { completed: { type: "boolean", help: "its job counts as completed" } },
  takes: [1, 1],
  async run({ words, flags, daemon, isJson, print }) {
    const client = await daemon();
    const path = `/api/actions/jobs/${encodeURIComponent(words[0] ?? "")}/kill`;
    const killed = await client.post<{ agent: string }>(path, { completed: isSet(flags, "completed") });
    print(isJson ? JSON.stringify(killed) : `ended ${killed.agent}`);
    return 0;
  },
};
