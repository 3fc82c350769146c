import type { Clock, Random } from "../core/ports.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((done, fail) => {
      if (signal?.aborted) return fail(signal.reason);
      const end = () => fail(signal?.reason);
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", end);
        done();
      }, ms);
      signal?.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          end();
        },
        { once: true },
      );
    }),
};

export const systemRandom: Random = {
  hex: (digits) =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2))))
      .toString("hex")
      .slice(0, digits),
};

/** In hexadecimal digits. */
export const sha256 = (bytes: Uint8Array | string): string =>
  new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
