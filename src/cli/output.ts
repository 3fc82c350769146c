import type { CommandSpec } from "./command.ts";

export const command: CommandSpec = {
  name: "output",
  usage: "output ID",
  summary: "The whole terminal record of an agent: every byte its program printed.",
  examples: ["muster output a1b2 > a1b2.log"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon }) {
    const client = await daemon();
    for await (const bytes of client.bytes(`/api/jobs/${encodeURIComponent(words[0] ?? "")}/output?from=0`)) {
      process.stdout.write(bytes);
    }
    return 0;
  },
};
