import type { CommandSpec } from "./command.ts";

export const command: CommandSpec = {
  name: "output",
  usage: "output ID",
  summary:
    "The whole terminal record of an agent: every byte its program printed, escape sequences too, so best into a file. --json: lines of offset and text.",
  examples: ["muster output a1b2 > a1b2.log", "muster output a1b2 | less -R"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print, write }) {
    const client = await daemon();
    const decoder = new TextDecoder();
    let offset = 0;
    for await (const bytes of client.bytes(`/api/jobs/${encodeURIComponent(words[0] ?? "")}/output?from=0`)) {
      if (isJson) print(JSON.stringify({ offset, text: decoder.decode(bytes, { stream: true }) }));
      else write(bytes);
      offset += bytes.length;
    }
    return 0;
  },
};
