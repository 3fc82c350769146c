/** Points for a letter that begins a word, follows the one before, or stands anywhere. */
const BEGINS = 8;
const FOLLOWS = 5;
const ANYWHERE = 1;

const isLetter = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

/** From each place where the first letter stands: the rest as near as it comes. */
function scoreFrom(wanted: string[], text: string[], start: number): number | null {
  let [score, at] = [0, start];
  let before = -2;
  for (const sign of wanted) {
    while (at < text.length && text[at] !== sign) at++;
    if (at >= text.length) return null;
    score += at === before + 1 ? FOLLOWS : ANYWHERE;
    if (!isLetter(text[at - 1])) score += BEGINS;
    before = at++;
  }
  return score;
}

/** How well a text fits what was typed; null = not at all. Letters in their order, word beginnings and neighbours count most. */
export function fuzzyScore(typed: string, text: string): number | null {
  const wanted = [...typed.toLowerCase().replace(/\s+/g, "")];
  const [first] = wanted;
  if (first === undefined) return 0;
  const signs = [...text.toLowerCase()];
  let best: number | null = null;
  for (const [at, sign] of signs.entries()) {
    if (sign !== first) continue;
    const score = scoreFrom(wanted, signs, at);
    if (score === null) break;
    best = Math.max(best ?? 0, score - signs.length / 100);
  }
  return best;
}

/** Those that fit, the best first; equals keep their order. */
export function fuzzyFind<T>(typed: string, all: readonly T[], textOf: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, score: fuzzyScore(typed, textOf(one)) }))
    .filter((found): found is { one: T; score: number } => found.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ one }) => one);
}
