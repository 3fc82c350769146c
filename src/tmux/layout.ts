import { checkAgent } from "./names.ts";
import type { Command } from "./octal.ts";

/** Where each pane of a team's window stands; sizes in percent of what is split, or in lines. */
interface Split {
  /** Index of the pane that is split. */
  of: number;
  flag: "-h" | "-v";
  size: string;
}

/** `standard`: console top left, log below it, PeerA top right, PeerB bottom right. `solo`: PeerA the whole right side. */
const SPLITS: Record<"standard" | "solo", Split[]> = {
  standard: [
    { of: 0, flag: "-h", size: "50%" },
    { of: 0, flag: "-v", size: "8" },
    { of: 1, flag: "-v", size: "50%" },
  ],
  solo: [
    { of: 0, flag: "-h", size: "60%" },
    { of: 0, flag: "-v", size: "8" },
  ],
};

export interface LayoutOrder {
  /** Name of the team; the session is `muster-<name>`. */
  name: string;
  kind: "standard" | "solo";
  /** Launch scripts in the order console, PeerA, log, PeerB. */
  scripts: string[];
}

/** A window for people: it shows agents through clients of their own, so that no agent's pane moves. */
export async function openLayout(
  run: (commands: Command[]) => Promise<string[][]>,
  order: LayoutOrder,
): Promise<string> {
  const session = `muster-${checkAgent(order.name)}`;
  const [first = "", ...rest] = order.scripts;
  const print = ["-P", "-F", "#{pane_id}"];
  const paneOf = (replies: string[][]): string => replies[0]?.[0]?.trim() ?? "";
  const start = ["new-session", "-d", "-s", session, "-x", "200", "-y", "50", ...print, "/bin/sh", first] as const;
  const panes = [paneOf(await run([start]))];
  for (const [index, split] of SPLITS[order.kind].entries()) {
    const target = panes[split.of] ?? "";
    const command = [
      "split-window",
      "-d",
      split.flag,
      "-t",
      target,
      "-l",
      split.size,
      ...print,
      "/bin/sh",
      rest[index] ?? "",
    ] as const;
    panes.push(paneOf(await run([command])));
  }
  await run([
    ["set-option", "-t", `=${session}:`, "mouse", "on"],
    ["select-pane", "-t", panes[0] ?? ""],
  ]);
  return session;
}
