import { cardFrom } from "../core/errands/card.ts";
import { post, type Route } from "./route.ts";

/** Runs of other programs: the helper of a team, and a person's evidence cards. */
export const ERRAND_ROUTES: Route[] = [
  post("/api/aux", "agent", "aux", ({ parts, by }, { prompt, team }) => parts.errands.askFor(team, prompt, by), 201),
  post("/api/evidence", "person", "evidence", ({ parts }, { repo, card, environment }) =>
    parts.evidence.run({ repo, card: cardFrom(card), environment }),
  ),
];
