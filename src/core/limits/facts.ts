import type { AgentId, Millis } from "../ids.ts";

/** An account has used up what its vendor gives it for a while. */
export type LimitFact =
  /** `isKnown`: the CLI said until when; otherwise `until` is when to try again. */
  | { type: "limit.reached"; agent: AgentId; until: Millis; isKnown: boolean }
  /** Its time is over, and a person is to say whether it goes on (`limits.resume: false`). */
  | { type: "limit.passed"; agent: AgentId }
  /** Its time is over, and the CLI did not go on by itself. */
  | { type: "limit.ended"; agent: AgentId };

/** Only the daemon sees these. */
export const LIMIT_OBSERVED = [
  "limit.reached",
  "limit.passed",
  "limit.ended",
] as const satisfies readonly LimitFact["type"][];
