import type { Mid } from "../../core/ids.ts";
import { withMark } from "../../core/mark.ts";

/** What may be typed whole: longer pastes are marked as foreign text by Claude Code 2.1.328 (> 3 lines or 800 characters). */
export interface TypedLimit {
  lines: number;
  chars: number;
}

export interface Typable {
  mid: Mid;
  /** Who it is from, as the receiver knows him: `PeerA`, `user`, `system`. */
  sender: string;
  text: string;
  /** Absolute path of the inbox file. */
  path: string;
}

/** Does the text itself fit into one typed message? */
const fits = (text: string, limit: TypedLimit): boolean =>
  text.length <= limit.chars && text.split("\n").length <= limit.lines;

/**
 * The one paste that hands a message over: the text itself when short, else a line that names the letter. It begins with a
 * plain word (never `/ ! # @`, which are commands of the CLIs) and ends with the mark (never `@word` or a backslash).
 */
export function typedText({ mid, sender, text, path }: Typable, limit: TypedLimit): string {
  const head = `From ${sender}`;
  const whole = withMark(head, mid, text.replace(/\t/g, "    ").trim());
  return fits(whole, limit) ? whole : withMark(head, mid, `You have a letter. Read the file ${path} and act on it.`);
}

/** Composers wrap and trim; only what is left without white space can be compared. */
const bare = (text: string): string => text.replace(/\s+/g, "");

export const isSameText = (composer: string, typed: string): boolean => bare(composer) === bare(typed);

const OURS = /From[^⟦]{1,60}⟦m:([A-Za-z0-9-]{1,64})⟧.*?⟦\/m:\1⟧/gs;

/** Is this nothing but messages that Muster typed, left over from an earlier attempt? */
export const isOnlyOurs = (composer: string): boolean => {
  const text = bare(composer);
  return text !== "" && text.replace(OURS, "") === "";
};
