import type { CommandSpec } from "./command.ts";
import { line, paint } from "./style.ts";

interface Why {
  what: string;
  state: string;
  because: string;
  evidence: string[];
  change: string;
}

export const command: CommandSpec = {
  name: "why",
  usage: "why ID",
  summary:
    "Why something did not happen (a message, an agent, a job, a patch): the rule, the evidence, what would change it.",
  examples: ["muster why muster-1764000000-3fa2c1", "muster why a1b2c3d4", "muster why P-0001"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    const why = await client.get<Why>(`/api/why/${encodeURIComponent(words[0] ?? "")}`);
    if (isJson) print(JSON.stringify(why, null, 1));
    else {
      const evidence = why.evidence.map((one) => `  ${paint("dim", "·")} ${line(one)}`).join("\n");
      print(
        `${paint("bold", why.what)} is ${why.state}\nbecause  ${line(why.because)}\n${evidence}\nto change it: ${line(why.change)}`,
      );
    }
    return 0;
  },
};
