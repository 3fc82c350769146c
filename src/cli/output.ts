import type { JobRow } from "../core/job-row.ts";
import { type CommandSpec, isSet } from "./command.ts";
import { PlainText } from "./plain-text.ts";

export const command: CommandSpec = {
  name: "output",
  usage: "output ID",
  summary:
    "The whole terminal record of an agent: every byte its program printed, escape sequences too, so best into a file. --json: lines of offset and text.",
  examples: ["muster output a1b2 > a1b2.log", "muster output a1b2 | less -R"],
  flags: {
    "strip-ansi": { type: "boolean", help: "without escape sequences, as for an agent started with --strip-ansi" },
  },
  takes: [1, 1],
  async run({ words, flags, daemon, isJson, print, write, written }) {
    const client = await daemon();
    const decoder = new TextDecoder();
    let offset = 0;
    const path = `/api/jobs/${encodeURIComponent(words[0] ?? "")}`;
    const isPlain = isSet(flags, "strip-ansi") || (await client.get<JobRow>(path)).isPlain === true;
    const plain = isPlain ? new PlainText() : null;
    const shown = (bytes: Uint8Array) => plain?.take(bytes) ?? bytes;
    for await (const bytes of client.bytes(`${path}/output?from=0`)) {
      if (isJson) print(JSON.stringify({ offset, text: decoder.decode(shown(bytes), { stream: true }) }));
      else write(shown(bytes));
      offset += bytes.length;
      await written();
    }
    if (plain && !isJson) write(plain.rest());
    return 0;
  },
};
