import type { CommandSpec } from "./command.ts";
import { statusLine } from "./hooks/status-line.ts";

/** The CLI waits for its line: whoever sends nothing gets the short one. */
const PATIENCE_MS = 1000;
const LARGEST = 1024 * 1024;

/** What comes on standard input, as far as it comes in time. */
async function input(): Promise<string> {
  let text = "";
  const letters = new TextDecoder();
  const read = async () => {
    for await (const bytes of Bun.stdin.stream()) {
      text += letters.decode(bytes, { stream: true });
      if (text.length > LARGEST) return;
    }
  };
  await Promise.race([read(), new Promise((done) => setTimeout(done, PATIENCE_MS))]).catch(() => {});
  return text;
}

export const command: CommandSpec = {
  name: "statusline",
  usage: "statusline",
  summary:
    "For Claude Code: reads the JSON of its status line from standard input and prints one line with model, context in use, agent and cost. Bad input gives a short line, never an error. muster setup-hooks --statusline puts it into your settings; agents of Muster have one already.",
  examples: ["muster setup-hooks --statusline", `muster statusline < status.json`],
  flags: {},
  async run({ env, isTty, print }) {
    // Typed by a person there is nothing to wait for.
    const isTyped = isTty && (await Bun.file(0).stat()).isCharacterDevice();
    print(statusLine(isTyped ? "" : await input(), env));
    return 0;
  },
};
