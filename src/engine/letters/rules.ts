import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { midBecause } from "../../core/ids.ts";
import { isCheckable, parseLetter } from "../../core/letter/parse.ts";
import type { State } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { tip } from "./tips.ts";

/** The author of a refused file is told why, and where the file is now. */
const refusedLetterRule: Rule = (state, event) => (event.type === "letter.refused" ? tell(state, event) : []);

function tell(state: State, event: Event<"letter.refused">): Command[] {
  const { team, seat, file, reason, at, seq } = event;
  const known = state.teams[team];
  const author = known?.seats.find((place) => place.seat === seat)?.agent;
  if (!author) return [];
  const text = `${file} was not delivered: ${reason}. It is in rejected/ of your mailbox, with all reasons in reasons.txt.`;
  const letter = tip(state, { mid: midBecause(at, seq, 0), at, author, team, kind: "refused", text });
  return letter ? [{ do: "send", letter }] : [];
}

/** References in an agent's letter are claims until Muster has looked (P47). */
const citedEvidenceRule: Rule = (state, event) => {
  if (event.type !== "message.queued" || event.kind !== "letter" || !event.team) return [];
  const { mid, team, from: author } = event;
  if (!state.teams[team]?.seats.some(({ agent }) => agent === author)) return [];
  const refs = parseLetter(event.body).refs.filter(isCheckable);
  return refs.map((ref) => observe({ type: "evidence.cited", mid, team, author, ref }));
};

export const letterRules: Rule[] = [refusedLetterRule, citedEvidenceRule];
