type End = () => void | Promise<void>;

const open = new Set<End>();

/** Remembers what must be ended, also when the bench itself is told to stop. Returns the way to end it now. */
export function toEnd(end: End): () => Promise<void> {
  const once = async () => {
    if (open.delete(once)) await end();
  };
  open.add(once);
  return once;
}

async function endAll(): Promise<void> {
  for (const end of [...open].reverse()) await Promise.resolve(end()).catch((error) => console.error(error));
}

/** A stopped bench leaves no process behind. */
export function endAllOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void endAll().finally(() => process.exit(1)));
  }
}
