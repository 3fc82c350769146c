import type { Environment } from "../core/environment.ts";
import type { Event } from "../core/facts.ts";
import { sentence } from "../core/sentence.ts";
import type { State } from "../core/state.ts";

/** How much a daemon writes into its own log, from least to most; each level includes those before it. */
const LEVELS = ["error", "warning", "info", "debug"] as const;
type Level = (typeof LEVELS)[number];

const OF_TONE: Record<string, Level> = { bad: "error", warn: "warning", plain: "info", good: "info", quiet: "debug" };

const isLevel = (word: string): word is Level => (LEVELS as readonly string[]).includes(word);

/**
 * Writes facts as sentences into the daemon's log, as MUSTER_LOG_LEVEL wants; null = it is not set, and only failures of the
 * daemon itself are written. An unknown level is said and counts as warning.
 */
export function factLog(
  { MUSTER_LOG_LEVEL: given }: Environment,
  write: (line: string) => void,
): ((events: readonly Event[], state: State) => void) | null {
  if (!given) return null;
  if (!isLevel(given))
    write(`MUSTER_LOG_LEVEL ${given} is no level; known: ${LEVELS.join(", ")}. It counts as warning`);
  const wanted = LEVELS.indexOf(isLevel(given) ? given : "warning");
  return (events, state) => {
    for (const event of events) {
      const { tone, who, text } = sentence(event, state);
      const level = OF_TONE[tone] ?? "debug";
      if (LEVELS.indexOf(level) <= wanted) write(`${new Date(event.at).toISOString()} ${level} ${who}: ${text}`);
    }
  };
}
