import { selectTeam } from "../choice.ts";
import { now } from "../store.ts";
import type { Stuck } from "../stuck.ts";
import { duration } from "../words.ts";
import { Why } from "./why.tsx";

/** Rows drawn; the team's page has all. */
const DRAWN = 10;

/** What does not go on by itself, each with its reason. */
export function StuckList({ all }: { all: Stuck[] }) {
  if (all.length === 0) return null;
  return (
    <section aria-label="Held up">
      <h2>
        Held up <span class="faint">{all.length}</span>
      </h2>
      <ol class="rows">
        {all.slice(0, DRAWN).map(({ key, team, what, why, since, about }) => (
          <li key={key} data-step tabIndex={-1}>
            <button type="button" class="link" onClick={() => selectTeam(team)}>
              {team}
            </button>
            <span class="what passing">{what}</span>
            <span class="grow">{why}</span>
            <span class="faint">{duration(now.value - since)}</span>
            <Why id={about} />
          </li>
        ))}
      </ol>
    </section>
  );
}
