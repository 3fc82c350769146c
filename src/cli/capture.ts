import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";

export const command: CommandSpec = {
  name: "capture",
  usage: "capture ID [LINES]",
  summary: "The last lines of an agent's terminal, as plain text (50).",
  examples: ["muster capture a1b2", "muster capture a1b2 200"],
  flags: {},
  takes: [1, 2],
  async run({ words, daemon, isJson, print }) {
    const lines = words[1] ?? "50";
    if (!/^[1-9]\d{0,5}$/.test(lines) || Number(lines) > 100_000) {
      throw new Refusal("usage", `${lines} is no number of lines`, "1 to 100000");
    }
    const client = await daemon();
    const shown = await client.get<{ text: string }>(
      `/api/jobs/${encodeURIComponent(words[0] ?? "")}/capture?lines=${lines}`,
    );
    print(isJson ? JSON.stringify(shown) : shown.text);
    return 0;
  },
};
