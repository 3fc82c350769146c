import type { Millis } from "../core/ids.ts";
import type { State } from "../core/state.ts";
import { type StatusTone, statusParts, teamStatus } from "../core/team-status.ts";
import { fit, type Line, lineWidth, oneLine, type Span, type Style, widthOf } from "./cells.ts";
import { clockTime } from "./entry.ts";

const TONES: Record<StatusTone, Style> = { plain: "plain", dim: "dim", good: "good", warn: "warn", bad: "bad" };

const BETWEEN: Span = { text: " │ ", style: "dim" };

/** Parts side by side, as many rows as are allowed; a part is never broken, and the last ones go first. */
function packed(parts: Line[], width: number, rows: number): Line[] {
  const lines: Span[][] = [];
  for (const part of parts.map((one) => fit(one, width))) {
    const last = lines.at(-1);
    const hasRoom = last && lineWidth(last) + widthOf(BETWEEN.text) + lineWidth(part) <= width;
    if (hasRoom) last.push(BETWEEN, ...part);
    else if (lines.length < rows) lines.push([...part]);
  }
  return lines;
}

/** The status lines of a team (P57). */
export function statusLines(state: State, team: string, now: Millis, width: number, rows: number): Line[] {
  const status = teamStatus(state, team);
  if (!status) return [[{ text: `there is no team ${team} any more`, style: "warn" }]];
  const parts = statusParts(status, now, clockTime);
  const lines = parts.map((part): Line => part.map(({ text, tone }) => ({ text: oneLine(text), style: TONES[tone] })));
  return packed(lines, width, rows);
}

/** The line between timeline and status: which team, and whether what is shown is true now. */
export function ruleLine(words: Span[], end: Span[], width: number): Line {
  const left = lineWidth(words);
  const right = lineWidth(end);
  const fill = width - left - right - 6;
  if (fill < 1) return fit([{ text: "─ ", style: "dim" }, ...words, { text: " ", style: "dim" }, ...end], width);
  return [
    { text: "─ ", style: "dim" },
    ...words,
    { text: ` ${"─".repeat(fill)} `, style: "dim" },
    ...end,
    { text: " ─", style: "dim" },
  ];
}
