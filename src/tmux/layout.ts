import { Refusal } from "../core/refusal.ts";
import { checkAgent, checkPane } from "./names.ts";
import type { Command } from "./octal.ts";

/** The parts of a team's window: its console, its log, and its members' terminals. */
export type LayoutPart = "console" | "log" | "a" | "b";

interface Split {
  /** The part that is split, and the one that the new pane gets. */
  of: LayoutPart;
  for: LayoutPart;
  flag: "-h" | "-v";
  size: string;
}

interface Shape {
  first: LayoutPart;
  splits: Split[];
  /** Sizes which the terminal's own must not change: in percent, or in lines. */
  kept: [part: LayoutPart, flag: "-x" | "-y", size: string][];
}

const LOG_LINES = "8";

/** Layouts of a team's window (P79), fixed when it is opened. */
const SHAPES = {
  standard: {
    first: "console",
    splits: [
      { of: "console", for: "a", flag: "-h", size: "50%" },
      { of: "console", for: "log", flag: "-v", size: LOG_LINES },
      { of: "a", for: "b", flag: "-v", size: "50%" },
    ],
    kept: [
      ["console", "-x", "50%"],
      ["log", "-y", LOG_LINES],
    ],
  },
  solo: {
    first: "console",
    splits: [
      { of: "console", for: "a", flag: "-h", size: "60%" },
      { of: "console", for: "log", flag: "-v", size: LOG_LINES },
    ],
    kept: [
      ["console", "-x", "40%"],
      ["log", "-y", LOG_LINES],
    ],
  },
  quad: {
    first: "a",
    splits: [
      { of: "a", for: "b", flag: "-h", size: "50%" },
      { of: "a", for: "log", flag: "-v", size: "40%" },
      { of: "b", for: "console", flag: "-v", size: "40%" },
    ],
    kept: [
      ["a", "-x", "50%"],
      ["log", "-y", "40%"],
      ["console", "-y", "40%"],
    ],
  },
} as const satisfies Record<string, Shape>;

export type LayoutKind = keyof typeof SHAPES;

/** What runs in one pane, and what stands above it: letters, digits, blanks and -, because tmux would expand more. */
export interface LayoutPane {
  title: string;
  /** Launch script. */
  script: string;
}

export interface LayoutOrder {
  /** Name of the team; the session is `muster-<name>`. */
  name: string;
  kind: LayoutKind;
  panes: Partial<Record<LayoutPart, LayoutPane>>;
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
function keepShape(session: string, { kept }: Shape, opened: Opened): Command[] {
  const resized = kept.flatMap(([part, flag, size]) => {
    const pane = opened.get(part);
    return pane === undefined ? [] : [`resize-pane -t ${checkPane(pane)} ${flag} ${size}`];
  });
  const shape = resized.join(" ; ");
  return ["client-attached", "client-resized"].map((hook): Command => ["set-hook", "-t", `=${session}:`, hook, shape]);
}

type Opened = Map<LayoutPart, string>;

/** Opens a pane for each part that there is, and gives them. */
async function openPanes(
  run: (commands: Command[]) => Promise<string[][]>,
  session: string,
  { first, splits }: Shape,
  panes: LayoutOrder["panes"],
): Promise<Opened> {
  const print = ["-P", "-F", "#{pane_id}"];
  const paneOf = (replies: string[][]): string => replies[0]?.[0]?.trim() ?? "";
  const shell = (part: LayoutPart) => ["/bin/sh", panes[part]?.script ?? ""];
  const start = ["new-session", "-d", "-s", session, "-x", "200", "-y", "50", ...print, ...shell(first)] as const;
  const opened: Opened = new Map([[first, paneOf(await run([start]))]]);
  for (const { of, for: part, flag, size } of splits) {
    if (!panes[part]) continue;
    const target = ["-t", opened.get(of) ?? "", "-l", size];
    opened.set(part, paneOf(await run([["split-window", "-d", flag, ...target, ...print, ...shell(part)]])));
  }
  return opened;
}

/** A window for people: it shows agents through clients of their own, so that no agent's pane moves. */
export async function openLayout(
  run: (commands: Command[]) => Promise<string[][]>,
  { name, kind, panes }: LayoutOrder,
): Promise<string> {
  const session = `muster-${checkAgent(name)}`;
  const shape: Shape = SHAPES[kind];
  const opened = await openPanes(run, session, shape, panes);
  const titles = [...opened].map(
    ([part, pane]): Command => ["set-option", "-p", "-t", pane, TITLE, checkTitle(panes[part]?.title ?? "")],
  );
  await run([
    ...furnish(session, name),
    ...titles,
    ...keepShape(session, shape, opened),
    ["select-pane", "-t", opened.get("console") ?? ""],
  ]);
  return session;
}
