import type { Clock } from "../core/ports.ts";
import type { Engine } from "../engine/engine.ts";

/** Nothing happened for so long: then there is time to give memory back. */
const QUIET_MS = 5000;

/** `Bun.shrink` is not in Bun's types yet (1.4.4). */
function giveBack(): void {
  Bun.gc(true);
  (Bun as unknown as { shrink?: () => void }).shrink?.();
}

/**
 * Gives back, once things are quiet, what starting agents left: JavaScriptCore keeps it otherwise (72 MB instead of 65 with
 * 100 idle agents, Bun 1.4.4). Once for each rest; while facts come in, nothing is collected on purpose.
 */
export function collectAtRest(engine: Engine, clock: Clock, ending: AbortSignal, collect = giveBack): void {
  let isWaiting = false;
  let last = clock.monotonic();
  const rest = async (): Promise<void> => {
    isWaiting = true;
    while (clock.monotonic() - last < QUIET_MS) await clock.sleep(QUIET_MS - (clock.monotonic() - last), ending);
    isWaiting = false;
    collect();
  };
  const begin = () => {
    last = clock.monotonic();
    if (!isWaiting) void rest().catch(() => {});
  };
  engine.subscribe(begin);
  begin();
}
