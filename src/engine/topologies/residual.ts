import type { Letter } from "../../core/commands.ts";
import type { Hire } from "../../core/facts.ts";
import { type Mid, SYSTEM, type TeamName } from "../../core/ids.ts";
import { mailboxOf } from "../../core/letter/place.ts";

interface ResidualOrder {
  repo: string;
  team: TeamName;
  hires: (Hire & { seat: string })[];
  /** Names of unread letters in the inbox, oldest first, by seat. */
  left: Record<string, string[]>;
  mid(): Mid;
}

/** Names that are listed; of more only the count. */
const NAMED = 10;

/** Tells each member which letters an earlier team left unread in its inbox (P5: resume). */
export function residualLetters({ repo, team, hires, left, mid }: ResidualOrder): Letter[] {
  return hires.flatMap(({ seat, agent }): Letter[] => {
    const names = left[seat] ?? [];
    if (names.length === 0) return [];
    const box = mailboxOf(repo, seat);
    const listed = names.slice(0, NAMED).join(", ");
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    const text = `An earlier team left ${names.length} unread in ${box}/inbox/: ${listed}${more}. Read them, oldest first, and move each to ${box}/processed/. The SYSTEM text you have is the newer one.`;
    return [{ mid: mid(), from: SYSTEM, to: agent, kind: "system", text, team }];
  });
}
