import { Refusal } from "../core/refusal.ts";
import { checkAgent, checkPane } from "./names.ts";
import type { Command } from "./octal.ts";

/** Where each pane of a team's window stands; sizes in percent of what is split, or in lines. */
interface Split {
  /** Index of the pane that is split. */
  of: number;
  flag: "-h" | "-v";
  size: string;
}

/** Width of the left side, and lines of the log. */
const LEFT = { standard: "50%", solo: "40%" };
const LOG_LINES = "8";

/** `standard`: console top left, log below it, PeerA top right, PeerB bottom right. `solo`: PeerA the whole right side. */
const SPLITS: Record<"standard" | "solo", Split[]> = {
  standard: [
    { of: 0, flag: "-h", size: "50%" },
    { of: 0, flag: "-v", size: LOG_LINES },
    { of: 1, flag: "-v", size: "50%" },
  ],
  solo: [
    { of: 0, flag: "-h", size: "60%" },
    { of: 0, flag: "-v", size: LOG_LINES },
  ],
};

/** What runs in one pane, and what stands above it: letters, digits, blanks and -, because tmux would expand more. */
export interface LayoutPane {
  title: string;
  /** Launch script. */
  script: string;
}

export interface LayoutOrder {
  /** Name of the team; the session is `muster-<name>`. */
  name: string;
  kind: "standard" | "solo";
  /** Console, PeerA, log, PeerB. */
  panes: LayoutPane[];
}

/** A pane's own option: programs change titles. */
const TITLE = "@muster_title";

const HINT = "Ctrl-b d leaves, the team works on   Ctrl-b arrow: to another pane ";

function checkTitle(title: string): string {
  if (/^[A-Za-z0-9 -]{1,60}$/.test(title)) return title;
  throw new Refusal("usage", "not a title of a pane", "titles are letters, digits, blanks and -");
}

/** Says which pane is what and how one leaves: whoever sits here for the first time knows neither. */
const furnish = (session: string, name: string): Command[] => {
  const target = `=${session}:`;
  const ofSession = (option: string, value: string): Command => ["set-option", "-t", target, option, value];
  const ofWindow = (option: string, value: string): Command => ["set-option", "-w", "-t", target, option, value];
  return [
    ofSession("mouse", "on"),
    ofSession("status", "on"),
    ofSession("status-style", "fg=colour250,bg=colour236"),
    ofSession("status-left", ` muster ${name} `),
    ofSession("status-left-length", "60"),
    ofSession("status-right", HINT),
    ofSession("status-right-length", "80"),
    ofWindow("window-status-format", ""),
    ofWindow("window-status-current-format", ""),
    ofWindow("pane-border-status", "top"),
    ofWindow("pane-border-format", ` #{${TITLE}} `),
    ofWindow("pane-active-border-style", "fg=colour75"),
  ];
};

/** tmux gives every pane its share of another size, and the log would be left with one line: the shape is made anew. */
function keepShape(session: string, kind: LayoutOrder["kind"], [console = "", , log = ""]: string[]): Command[] {
  const shape = `resize-pane -t ${console} -x ${LEFT[kind]} ; resize-pane -t ${log} -y ${LOG_LINES}`;
  return ["client-attached", "client-resized"].map((hook): Command => ["set-hook", "-t", `=${session}:`, hook, shape]);
}

/** A window for people: it shows agents through clients of their own, so that no agent's pane moves. */
export async function openLayout(
  run: (commands: Command[]) => Promise<string[][]>,
  order: LayoutOrder,
): Promise<string> {
  const session = `muster-${checkAgent(order.name)}`;
  const [first, ...rest] = order.panes;
  const print = ["-P", "-F", "#{pane_id}"];
  const paneOf = (replies: string[][]): string => replies[0]?.[0]?.trim() ?? "";
  const shell = (pane: LayoutPane | undefined) => ["/bin/sh", pane?.script ?? ""];
  const start = ["new-session", "-d", "-s", session, "-x", "200", "-y", "50", ...print, ...shell(first)] as const;
  const opened = [paneOf(await run([start]))];
  for (const [index, split] of SPLITS[order.kind].entries()) {
    const target = opened[split.of] ?? "";
    const size = [split.flag, "-t", target, "-l", split.size];
    opened.push(paneOf(await run([["split-window", "-d", ...size, ...print, ...shell(rest[index])]])));
  }
  const titles = opened.map(
    (pane, index): Command => ["set-option", "-p", "-t", pane, TITLE, checkTitle(order.panes[index]?.title ?? "")],
  );
  await run([
    ...furnish(session, order.name),
    ...titles,
    ...keepShape(session, order.kind, opened.map(checkPane)),
    ["select-pane", "-t", opened[0] ?? ""],
  ]);
  return session;
}
