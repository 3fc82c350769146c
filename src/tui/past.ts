import type { Client } from "../client/client.ts";
import type { Event } from "../core/facts.ts";
import type { Seq, TeamName } from "../core/ids.ts";
import type { State } from "../core/state.ts";
import { type Entry, entryOf } from "./entry.ts";

/** Facts of one answer, and how many answers are searched for enough lines. */
const WINDOW = 1000;
const SEARCHED = 20;

const facts = async (client: Client, after: Seq, limit: number): Promise<Event[]> =>
  (await client.get<{ facts: Event[] }>(`/api/ledger?after=${after}&limit=${limit}`)).facts;

export interface Past {
  entries: Entry[];
  /** Everything after this fact was looked at; 0 = there is nothing older. */
  from: Seq;
}

/** At least `count` entries of a team from before a fact, in order, as far as they are not too long ago. */
export async function older(client: Client, before: Seq, count: number, state: State, team: TeamName): Promise<Past> {
  let entries: Entry[] = [];
  let end = before - 1;
  for (let answer = 0; answer < SEARCHED && end > 0 && entries.length < count; answer += 1) {
    const after = Math.max(0, end - WINDOW);
    const found = await facts(client, after, end - after);
    entries = [...found.flatMap((event) => entryOf(event, state, team) ?? []), ...entries];
    end = after;
    // Nothing of this team is older than the team.
    if ((found[0]?.at ?? 0) < (state.teams[team]?.formedAt ?? 0)) end = 0;
  }
  return { entries, from: end };
}

/** The facts after one, for whoever missed some. */
export async function since(client: Client, seq: Seq): Promise<Event[]> {
  const all: Event[] = [];
  for (let after = seq; ; ) {
    const found = await facts(client, after, WINDOW);
    all.push(...found);
    if (found.length < WINDOW || all.length > SEARCHED * WINDOW) return all;
    after = found.at(-1)?.seq ?? after;
  }
}
