import type { WorktreeLook } from "../core/jobs/worktree.ts";
import type { CommandSpec } from "./command.ts";
import { type Colour, paint } from "./style.ts";

type Look = WorktreeLook & { agent: string; branch: string };

const OF_LINE: [start: string, colour: Colour][] = [
  ["diff --git", "bold"],
  ["+++", "bold"],
  ["---", "bold"],
  ["@@", "cyan"],
  ["+", "green"],
  ["-", "red"],
];

function painted(line: string): string {
  const colour = OF_LINE.find(([start]) => line.startsWith(start))?.[1];
  return colour ? paint(colour, line) : line;
}

/** Control characters of foreign text act on no terminal; the lines stay. */
const harmless = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, "�");

export const command: CommandSpec = {
  name: "diff",
  usage: "diff ID",
  summary: "What an agent with a worktree of its own has changed since it began, committed or not.",
  examples: ["muster diff a1b2", "muster diff a1b2 | git apply --check"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print, write, isTty }) {
    const look = await (await daemon()).get<Look>(`/api/jobs/${encodeURIComponent(words[0] ?? "")}/diff`);
    if (isJson) print(JSON.stringify(look, null, 1));
    else if (look.diff === "") print(`nothing is changed on ${look.branch}`);
    else if (isTty) print(harmless(look.diff).trimEnd().split("\n").map(painted).join("\n"));
    else write(new TextEncoder().encode(look.diff));
    return 0;
  },
};
