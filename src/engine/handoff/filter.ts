import { settingsOf } from "../../core/cadence/state.ts";
import type { FactOf } from "../../core/facts.ts";
import type { Gist } from "../../core/gist.ts";
import type { AgentId, Mid, Millis } from "../../core/ids.ts";
import { withoutFence } from "../../core/letter/form.ts";
import { gistOf, likeness, printOf } from "../../core/letter/gist.ts";
import type { ParsedLetter } from "../../core/letter/parse.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { State, Team } from "../../core/state.ts";

/** A letter from one member of a team to another, as it came in. */
export interface Handed {
  mid: Mid;
  from: AgentId;
  to: AgentId;
  at: Millis;
  /** What its reader gets. */
  body: string;
  parsed: ParsedLetter;
}

export type Hold = Omit<FactOf<"message.held">, "type" | "mid">;

type Filter = Settings["policies"]["handoff_filter"];

const inSeconds = (ms: Millis): string => `${Math.ceil(ms / 1000)} s`;

/** Words of a letter, without what is for machines. */
const said = (letter: Handed): string =>
  withoutFence(letter.body)
    .replace(/<\/?TO_(PEER|USER)>/g, "")
    .trim();

/** A question, an objection, evidence or a patch is never kept back by the filter (P31). */
const isExempt = ({ parsed }: Handed): boolean =>
  parsed.patches.length > 0 || parsed.events.some(({ kind }) => ["Ask", "Counter", "Evidence", "Sign"].includes(kind));

function isWeighty(text: string, filter: Filter): boolean {
  const words = [...filter.require_keywords_any, ...filter.boost_keywords_any];
  return (
    words.some((word) => text.includes(word)) || filter.boost_regexes.some((one) => new RegExp(one, "im").test(text))
  );
}

/** Same receiver, same text, a moment ago (P32). */
function duplicate(earlier: Gist[], letter: Handed, print: string, windowMs: Millis): Hold | null {
  const same = earlier.find(
    (one) => one.author === letter.from && one.print === print && letter.at - one.at < windowMs,
  );
  if (!same) return null;
  return { rule: "duplicate", reason: `the same text as ${same.mid}, ${inSeconds(letter.at - same.at)} before` };
}

function lowSignal(text: string, filter: Filter): Hold | null {
  const dropped = filter.drop_regexes.find((source) => new RegExp(source, "i").test(text));
  if (dropped !== undefined) return { rule: "low-signal", reason: `it matches ${dropped}` };
  const letters = [...text].length;
  if (letters < filter.min_chars) {
    return { rule: "low-signal", reason: `${letters} letters; a handoff has at least ${filter.min_chars}` };
  }
  const words = text.split(/\s+/).length;
  if (words >= filter.min_words) return null;
  return { rule: "low-signal", reason: `${words} words; a handoff has at least ${filter.min_words}` };
}

function redundant(earlier: Gist[], letter: Handed, print: string, filter: Filter): Hold | null {
  const gist = gistOf(letter.body);
  for (const one of earlier.slice(-filter.dedup_max_keep).toReversed()) {
    const age = letter.at - one.at;
    const isEcho = one.print === print && age < filter.dedup_short_seconds * 1000;
    const isSame =
      one.author === letter.from &&
      age < filter.redundant_window_seconds * 1000 &&
      likeness(one.gist, gist) >= filter.redundant_similarity_threshold;
    if (isEcho || isSame) {
      return { rule: "redundant", reason: `it says what ${one.mid} said ${inSeconds(age)} before` };
    }
  }
  return null;
}

/** Its author wrote a moment ago: this one waits, and is let go by itself. */
function cooldown(earlier: Gist[], { from, at }: Handed, filter: Filter): Hold | null {
  const last = earlier.findLast(({ author }) => author === from);
  const until = last === undefined ? at : last.at + filter.cooldown_seconds * 1000;
  if (until <= at) return null;
  return { rule: "cooldown", reason: `its author's last letter is not ${filter.cooldown_seconds} s old`, until };
}

/** Talk that moves nothing ends until there is something new (P33). */
function damping({ quiet }: Team, { parsed }: Handed, limit: number): Hold | null {
  const hasRef = parsed.events.some(({ kind, refs }) => (kind === "Ask" || kind === "Counter") && refs.length > 0);
  if (limit === 0 || quiet < limit || hasRef || parsed.patches.length > 0) return null;
  return { rule: "damping", reason: `${quiet} handoffs without new evidence, patch or decision` };
}

/** Why this letter is kept back; null = it goes on. Pure: time is that of the letter. */
export function holdOf(state: State, team: Team, letter: Handed): Hold | null {
  const { policies, cli_profiles } = settingsOf(state, team.name);
  const { handoff_filter: filter, loop_damping } = policies;
  const earlier = team.recent.filter(({ mid }) => mid !== letter.mid);
  const print = printOf(letter.body);
  const again = duplicate(earlier, letter, print, cli_profiles.delivery.duplicate_window_seconds * 1000);
  if (again) return again;
  const damped = damping(team, letter, loop_damping.max_handoffs_without_evidence);
  if (damped || !filter.enabled || isExempt(letter)) return damped;
  const text = said(letter);
  const hasWeight = isWeighty(text, filter);
  if (!hasWeight) {
    const held = lowSignal(text, filter) ?? redundant(earlier, letter, print, filter);
    if (held) return held;
  }
  return hasWeight && filter.bypass_cooldown_when_high_signal ? null : cooldown(earlier, letter, filter);
}
