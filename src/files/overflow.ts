import { renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * How many events the relay program (cli/hooks/relay) dropped since the last look: one byte each in `dropped`. Its note that
 * the spool is full goes as well: whoever looks has emptied it.
 */
export function takeOverflow(hooks: string): number {
  rmSync(join(hooks, "full"), { force: true });
  const taken = join(hooks, "dropped.taken");
  try {
    // By rename: a relay that starts now counts into a file of its own.
    renameSync(join(hooks, "dropped"), taken);
  } catch {
    return 0;
  }
  const { size } = statSync(taken);
  rmSync(taken);
  return size;
}
