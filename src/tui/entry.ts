import type { Event } from "../core/facts.ts";
import { isAgentId, type Millis, type Seq, type TeamName, USER } from "../core/ids.ts";
import { withoutFence } from "../core/letter/form.ts";
import type { Sentence } from "../core/saying.ts";
import { sentence } from "../core/sentence.ts";
import { addressName, type State } from "../core/state.ts";
import { concerns, subjectOf } from "../core/subject.ts";
import { preview, visible } from "../core/text.ts";
import { fit, type Line, oneLine, pad, rowsOf, type Span, type Style, widthOf } from "./cells.ts";

/** Letters of what a peer said that are mirrored. */
const ECHO = 200;

/** One thing that happened, as the timeline shows it. */
export interface Entry {
  /** Absent: the console's own word, which is in no log. */
  seq?: Seq;
  at: Millis;
  who: string;
  tone: Sentence["tone"];
  text: string;
  /** By which it is found again: a message, a patch, an agent; empty = nothing. */
  ref: string;
  /** A letter to the user whose text does not end here: the whole is to be asked for. */
  isCut?: boolean;
}

/** What a peer said at the end of its turn is mirrored unless a person does not want that (P39). */
function echoed(event: Event, state: State, team: TeamName): Sentence | null {
  if (event.type !== "turn.ended" || event.outcome !== "done") return null;
  const isWanted = state.teams[team]?.settings.cli_profiles.console_echo ?? true;
  return { tone: "quiet", who: addressName(state, event.agent), text: isWanted ? preview(event.summary, ECHO) : "" };
}

/** The entry of a fact; null = quiet, or about something else. */
export function entryOf(event: Event, state: State, team: TeamName): Entry | null {
  if (!concerns(event, state, team) || event.at < (state.teams[team]?.formedAt ?? 0)) return null;
  const { tone, who, text } = echoed(event, state, team) ?? sentence(event, state);
  if (tone === "quiet" && event.type !== "turn.ended") return null;
  if (text === "") return null;
  const { seq, at } = event;
  const isCut = event.type === "message.queued" && event.to === USER && text.endsWith("…");
  const isLong = isCut ? { isCut } : {};
  return { seq, at, who: oneLine(who), tone, text: oneLine(text), ref: oneLine(subjectOf(event) ?? ""), ...isLong };
}

/** Lines of a letter that the timeline shows; its page has all. */
const LETTER_LINES = 14;

/** The text of a letter as a person reads it: without its tags and the block for machines, lines as they were written. */
export function letterText(body: string): string {
  const bare = withoutFence(body).replace(/^\s*<TO_(?:USER|PEER)>[ \t]*\n?|\n?[ \t]*<\/TO_(?:USER|PEER)>\s*$/g, "");
  const lines = visible(bare).replaceAll("\t", "  ").trim().split("\n");
  return (
    lines.length > LETTER_LINES ? [...lines.slice(0, LETTER_LINES - 1), "… Ctrl-T, Enter: all of it"] : lines
  ).join("\n");
}

/** `10:31` where the reader is. */
export const clockTime = (at: Millis): string => new Date(at).toTimeString().slice(0, 5);

const WHO = 8;
/** With fewer columns names stand in the text. */
const NARROW = 50;
const WIDE = 140;
const TIME = 7;

/** The colour of a name. */
export function styleOf(who: string): Style {
  if (who.startsWith("PeerA")) return "peer-a";
  if (who.startsWith("PeerB")) return "peer-b";
  return who === "you" ? "bold" : "accent";
}

const TONES: Record<Sentence["tone"], Style> = {
  good: "good",
  bad: "bad",
  warn: "warn",
  plain: "plain",
  quiet: "dim",
};

/** The end of a message's id is enough to tell it from its neighbours; a whole one is shown where there is room. */
function shortRef(ref: string, width: number): string {
  const tail = /^[a-z]+-\d+-([0-9a-f]{6})$/.exec(ref)?.[1];
  return tail !== undefined && width < WIDE ? tail : ref;
}

/** Rows of an entry: time, name, text below text, and what it is about where the text does not say it. */
export function entryLines({ at, who, tone, text, ref }: Entry, width: number): Line[] {
  const isNarrow = width < NARROW;
  const whoShown = isNarrow ? who && `${who} ` : `${pad(who, WHO)} `;
  const indent = isNarrow ? TIME : TIME + WHO + 1;
  const shown = shortRef(ref, width);
  // An agent is told by its name.
  const isNamed = ref === "" || who === ref || isAgentId(ref) || text.includes(shown);
  const mark = isNamed ? "" : ` ${shown}`;
  const first = width - TIME - Math.max(widthOf(whoShown), isNarrow ? 0 : WHO + 1);
  const rows = (text + mark)
    .split("\n")
    .flatMap((line, index) => rowsOf(line, index === 0 ? first : width - indent, width - indent));
  const style = TONES[tone];
  const lines = rows.map((row, index): Line => {
    const isLast = index === rows.length - 1;
    const isMarked = isLast && mark !== "" && row.endsWith(shown);
    const said = isMarked ? row.slice(0, row.length - shown.length) : row;
    const spans: Span[] = [{ text: said, style }, ...(isMarked ? [{ text: shown, style: "dim" as const }] : [])];
    if (index > 0) return [{ text: " ".repeat(Math.min(indent, Math.max(0, width - 1))) }, ...spans];
    return [{ text: `${clockTime(at)}  `, style: "dim" }, { text: whoShown, style: styleOf(who) }, ...spans];
  });
  return lines.map((line) => fit(line, width));
}
