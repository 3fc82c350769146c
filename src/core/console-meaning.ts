import { CONSOLE_COMMANDS, type ConsoleLine, type ConsoleSetting, parseConsoleLine } from "./console-line.ts";
import { Refusal } from "./refusal.ts";

/** What is said of a line while it is written; `warn` = look before you send it. */
export interface Meaning {
  text: string;
  style: "dim" | "warn";
}

const NAMES = { a: "PeerA", b: "PeerB", both: "PeerA and PeerB" };

const dim = (text: string): Meaning => ({ text, style: "dim" });

function said(line: ConsoleLine): Meaning {
  if (line.kind === "keys") return { text: `keys into the terminal of ${NAMES[line.to]}, and Enter`, style: "warn" };
  if (line.kind === "command") {
    const { usage, help } = CONSOLE_COMMANDS[line.name];
    return dim(`${usage}  ${help}`);
  }
  const to = NAMES[line.to];
  return line.isUnrouted ? { text: `no prefix: goes to ${to}`, style: "warn" } : dim(`to ${to}`);
}

/** A command whose words are still missing. */
function unfinished(text: string): Meaning | undefined {
  const name = /^[/／](\S+)/.exec(text)?.[1]?.toLowerCase() ?? "";
  if (!Object.hasOwn(CONSOLE_COMMANDS, name)) return undefined;
  const { usage, help } = CONSOLE_COMMANDS[name as keyof typeof CONSOLE_COMMANDS];
  return dim(`${usage}  ${help}`);
}

/** What would happen to the line if it were sent now, said while it is written (P81); `begun`: of a command's first letters. */
export function meaningOf(text: string, setting: ConsoleSetting, begun = "Tab completes"): Meaning | null {
  if (text.trim() === "") return null;
  try {
    return said(parseConsoleLine(text, setting));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isBegun = /^[/／]\S*$/.test(text);
    return unfinished(text) ?? dim(isBegun ? begun : error.message);
  }
}
