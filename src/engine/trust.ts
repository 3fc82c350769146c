import { Refusal } from "../core/refusal.ts";
import { changesIn, changesLine, type Review, reviewLines } from "../core/review.ts";
import type { TrustedRepository } from "../core/trusted-repository.ts";

/** Why nobody starts in this repository yet, with what a person must read before agreeing. */
export function trustRefusal(repo: string, review: Review, known: TrustedRepository | undefined): Refusal {
  const changes = changesIn(review, known?.agreed);
  const files = changesLine(changes);
  const message = known?.trusted
    ? `the agent configuration of ${repo} is not what was agreed to (${files})`
    : `${repo} configures agents by ${files}, and nobody agreed to that`;
  const hint = "read what it brings, then repeat with --trust";
  return new Refusal("state", message, hint, reviewLines(repo, review, changes));
}
