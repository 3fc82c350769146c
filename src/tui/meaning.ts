import { CONSOLE_COMMANDS, type ConsoleLine, type ConsoleSetting, parseConsoleLine } from "../core/console-line.ts";
import { Refusal } from "../core/refusal.ts";
import type { Hint } from "./view.ts";

const NAMES = { a: "PeerA", b: "PeerB", both: "PeerA and PeerB" };

function said(line: ConsoleLine): Hint {
  if (line.kind === "keys") return { text: `keys into the terminal of ${NAMES[line.to]}, and Enter`, style: "warn" };
  if (line.kind === "command") {
    const { usage, help } = CONSOLE_COMMANDS[line.name];
    return { text: `${usage}  ${help}`, style: "dim" };
  }
  const to = NAMES[line.to];
  return line.isUnrouted ? { text: `no prefix: goes to ${to}`, style: "warn" } : { text: `to ${to}`, style: "dim" };
}

/** A command whose words are still missing. */
function unfinished(text: string): Hint | undefined {
  const name = /^[/／](\S+)/.exec(text)?.[1]?.toLowerCase() ?? "";
  if (!Object.hasOwn(CONSOLE_COMMANDS, name)) return undefined;
  const { usage, help } = CONSOLE_COMMANDS[name as keyof typeof CONSOLE_COMMANDS];
  return { text: `${usage}  ${help}`, style: "dim" };
}

/** What would happen to the line if it were sent now, said while it is written (P81). */
export function meaningOf(text: string, setting: ConsoleSetting): Hint | null {
  if (text.trim() === "") return null;
  try {
    return said(parseConsoleLine(text, setting));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isBegun = /^[/／]\S*$/.test(text);
    return (
      unfinished(text) ?? (isBegun ? { text: "Tab completes", style: "dim" } : { text: error.message, style: "dim" })
    );
  }
}
