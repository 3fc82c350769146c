import type { Letter } from "../../core/commands.ts";
import { type AgentId, type Mid, type Millis, SYSTEM, type TeamName } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";

/** What an author may be taught; each at most once in its time. */
export const TIPS = {
  form: { everyMs: 600_000, word: "Form" },
  user: { everyMs: 600_000, word: "To the user" },
  encoding: { everyMs: 600_000, word: "Encoding" },
  sender: { everyMs: 600_000, word: "Sender" },
  refused: { everyMs: 10_000, word: "Refused" },
  held: { everyMs: 600_000, word: "Held" },
} as const;

export type TipKind = keyof typeof TIPS;

export interface Tip {
  mid: Mid;
  at: Millis;
  author: AgentId;
  team: TeamName;
  kind: TipKind;
  text: string;
}

/** A System message to the author, unless the same kind of tip is younger than its time (P28: 1 per 10 min). */
export function tip(state: State, { mid, at, author, team, kind, text }: Tip): Letter | null {
  const { everyMs, word } = TIPS[kind];
  const start = `${word}: `;
  const isTold = Object.values(state.messages).some(
    (message) =>
      message.to === author &&
      message.from === SYSTEM &&
      message.at > at - everyMs &&
      message.preview.startsWith(start),
  );
  if (isTold || !state.agents[author] || state.agents[author].dismissed) return null;
  return { mid, from: SYSTEM, to: author, kind: "system", text: start + text, team };
}
