/** Shaped as a UUID; the same seed gives the same id, so that runs can be compared. */
export function idFrom(seed: string): string {
  const hex = [1, 2].map((n) => Bun.hash.wyhash(seed, BigInt(n)).toString(16).padStart(16, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
