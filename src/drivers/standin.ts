import type { Hire } from "../core/facts.ts";
import type { Driver, Glance, Launch, Place, Screen } from "../core/ports.ts";
import { entry, subagentFile } from "./claude-entry.ts";
import { hear } from "./claude-hear.ts";
import { decision, hookSettings, programs } from "./claude-hooks.ts";
import { transcript } from "./claude-transcript.ts";
import { sessionId } from "./session-id.ts";
import { FILLER } from "./standin/cells.ts";
import { ROW } from "./standin/frame.ts";

const state = (place: Place): string => `${place.folder}/state`;

function launch(hire: Hire, place: Place, resume?: string): Launch {
  const program = hire.command?.split(/\s+/).filter(Boolean) ?? [...place.muster, "standin"];
  const session = resume ? ["--resume", resume] : ["--session-id", sessionId(hire.agent, place)];
  const flags = ["--settings", `${place.folder}/settings.json`, "--state", state(place), "--letters", place.letters];
  flags.push("--permission", hire.permission);
  if (hire.seat) flags.push("--seat", hire.seat);
  if (hire.effort) flags.push("--effort", hire.effort);
  if (hire.model) flags.push("--model", hire.model);
  if (hire.scenario) flags.push("--scenario", hire.scenario);
  const env: Record<string, string> = { MUSTER_AGENT: hire.agent, MUSTER_SOCKET: place.socket };
  if (hire.team) env.MUSTER_TEAM = hire.team;
  if (hire.seat) env.MUSTER_SEAT = hire.seat;
  return {
    argv: [...program, ...session, ...flags],
    env,
    files: [
      { path: "settings.json", text: `${JSON.stringify(hookSettings(place, hire.agent), null, 1)}\n` },
      ...programs(place, hire.agent, hire.seat ?? hire.agent),
    ],
  };
}

/** The rows between the borders of the box that stands right above the status line, and its first row's place. */
function boxOf(plain: string[]): { top: string; rows: string[]; first: number } | null {
  const last = plain.findLastIndex((line) => line.trim() !== "");
  if (!plain[last - 1]?.startsWith("╰")) return null;
  let first = last - 1;
  while (plain[first - 1]?.startsWith("│")) first--;
  const top = plain[first - 1] ?? "";
  if (!top.startsWith("╭")) return null;
  const rows = plain.slice(first, last - 1).map((line) => line.replace(/^│ /, "").replace(/│$/, ""));
  return { top, rows, first };
}

/** Rows joined as they were typed: the program marks which of them it wrapped. Blanks at line ends cannot be seen. */
function unwrapped(rows: string[]): string {
  let text = "";
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    const isCut = next?.startsWith(ROW.wrapped) === true;
    // One blank before the border is never text.
    const line = row.slice(ROW.first.length, isCut ? -1 : undefined);
    if (index > 0 && !row.startsWith(ROW.wrapped)) text += "\n";
    text += isCut ? (line.endsWith(FILLER) ? line.slice(0, -1) : line) : line;
  }
  return text.replace(/ +$/gm, "");
}

/** Dim letters are the placeholder. */
const isPlaceholder = (ansi: string | undefined): boolean => /> \x1b\[(?:[\d;]*;)?2m/.test(ansi ?? "");

function read(screen: Screen): Glance {
  const box = boxOf(screen.plain);
  if (!box) return { composer: null, isDialog: false };
  if (box.top.includes("Permission:")) return { composer: null, isDialog: true };
  const [row = ""] = box.rows;
  // Scrolled: only its end is on the screen, so it is nobody's exact text, but a text it is.
  if (row.startsWith(ROW.hidden)) return { composer: `…${unwrapped(box.rows)}`, isDialog: false };
  if (!row.startsWith(ROW.first)) return { composer: null, isDialog: false };
  return { composer: isPlaceholder(screen.ansi[box.first]) ? "" : unwrapped(box.rows), isDialog: false };
}

/** The built-in program that plays an AI CLI: its signals are Claude Code's, only the screen is its own. */
export const standin: Driver = {
  name: "standin",
  abilities: {
    queuesWhileBusy: true,
    receipt: "hook",
    permissions: {
      "read-only": "the program itself refuses to write, edit and run; it reads files and writes letters",
      "workspace-write":
        "the program itself refuses to write outside the working folder; commands it runs are not confined",
      "danger-full-access": "nothing is refused, nothing is confined",
    },
    canResume: true,
    budgets: ["usd", "tokens"],
    typed: { lines: 3, chars: 700 },
    clear: "/clear",
    compact: "/compact",
    exit: "/exit",
  },
  launch,
  hear,
  read,
  transcript,
  entry,
  subagentFile,
  record: (place, pid) => `${state(place)}/sessions/${pid}.json`,
  answer: decision,
};
