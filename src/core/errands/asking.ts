import type { Address, Millis } from "../ids.ts";
import { withoutFence } from "../letter/form.ts";
import { Refusal } from "../refusal.ts";
import type { State, Team } from "../state.ts";
import { preview } from "../text.ts";
import type { ErrandFact } from "./facts.ts";
import { auxActor } from "./roles.ts";

const MINUTE_MS = 60_000;
/** Longest prompt; beyond it a file should be named instead. */
const PROMPT_LIMIT = 100_000;

export interface AuxOrder {
  team: Team;
  asker: Address;
  prompt: string;
  now: Millis;
  /** Repeating it changes nothing. */
  errand: string;
}

/** Throws when the helper cannot be asked now: nobody is bound, nothing is asked, or too much in this minute (P66, P67). */
function requireAux({ errands }: State, { team, prompt, now }: AuxOrder): void {
  if (auxActor(team.settings) === null) throw new Refusal("state", "no Aux driver", "choose one at next muster run");
  if (prompt.trim() === "") throw new Refusal("usage", "the prompt is empty", "say what Aux is to do");
  if (prompt.length > PROMPT_LIMIT)
    throw new Refusal(
      "usage",
      `the prompt has ${prompt.length} characters; at most ${PROMPT_LIMIT}`,
      "name a file instead",
    );
  const rate = team.settings.cli_profiles.roles.aux.rate_limit_per_minute;
  const recent = Object.values(errands.all)
    .filter((one) => one.team === team.name && one.role === "aux" && one.at > now - MINUTE_MS)
    .map(({ at }) => at);
  const oldest = recent.at(-rate);
  if (oldest === undefined) return;
  const wait = Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1000));
  throw new Refusal("state", `Aux: ${rate} per minute, next in ${wait} s`, "ask again then");
}

/** The prompt in a file that was written for the helper: its tag and its fence are not part of it. */
export const promptIn = (text: string): string => {
  const said = withoutFence(text);
  return (/^<TO_AUX>([\s\S]*?)(?:<\/TO_AUX>)?$/.exec(said)?.[1] ?? said).trim();
};

/** What is true when somebody asks the helper: it is asked, or `refusal` says why not. */
export function askAux(state: State, order: AuxOrder): { fact: ErrandFact; refusal?: Refusal } {
  const { team, asker, prompt, errand } = order;
  const about = { team: team.name, role: "aux", asker } as const;
  try {
    requireAux(state, order);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason = error.hint ? `${error.message}; ${error.hint}` : error.message;
    return { fact: { type: "errand.refused", ...about, reason }, refusal: error };
  }
  return { fact: { type: "errand.asked", errand, ...about, preview: preview(prompt), body: prompt } };
}
