import type { Snapshot } from "../core/api.ts";
import type { Event } from "../core/facts.ts";
import { fold } from "../core/fold.ts";
import type { Seq } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import { emptyState, type State } from "../core/state.ts";

/** What became true, with the state after it. `isFresh`: the state was sent anew. */
export interface News {
  state: State;
  facts: Event[];
  isFresh: boolean;
}

const PAUSES_MS = [100, 250, 500, 1000, 2000, 5000];

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });

/** Only the way to the daemon is tried again; what it refuses stays refused. */
function requireRetry(error: unknown, signal: AbortSignal): void {
  if (!signal.aborted && error instanceof Refusal && error.code !== "unreachable") throw error;
}

function newsOf(state: State | null, one: Snapshot | Event): News {
  if ("state" in one) return { state: { ...one.state, seq: one.seq }, facts: [], isFresh: true };
  return { state: fold(state ?? emptyState(), one), facts: [one], isFresh: false };
}

/** The state and each fact, for ever: a stream that ended is opened again where it ended. */
export async function* follow(
  open: (after: Seq | undefined) => AsyncIterable<Snapshot | Event>,
  signal: AbortSignal,
  lost: () => void,
): AsyncIterable<News> {
  let state: State | null = null;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      for await (const one of open(state?.seq)) {
        failures = 0;
        const news: News = newsOf(state, one);
        state = news.state;
        yield news;
      }
    } catch (error) {
      requireRetry(error, signal);
    }
    if (signal.aborted) return;
    lost();
    await pause(PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0, signal);
  }
}
