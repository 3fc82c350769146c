/**
 * Standard output by Bun's own sink: node:fs, whose writeSync does the same, takes 3 ms to load, and console.log of Bun 1.4.4
 * ends with 0 on a full disk. What the reader takes at once is written at once; the rest goes in order.
 */
const sink = Bun.file(1).writer();
let pending: Promise<unknown> | null = null;
let failed: unknown;

/** Writes bytes as they are; throws when an earlier or this write did not reach the reader. */
export function write(bytes: Uint8Array): void {
  if (failed !== undefined) throw failed;
  // Of many bytes `write` says what becomes of them, of few `flush`.
  const going = [sink.write(bytes), sink.flush()].filter((one) => one instanceof Promise);
  if (going.length === 0) return;
  pending = Promise.all([pending, ...going]).catch((error) => {
    failed = error;
  });
}

/** When the reader has taken everything so far; throws why it has not. */
export async function written(): Promise<void> {
  await pending;
  if (failed !== undefined) throw failed;
}
