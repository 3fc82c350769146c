/** Steps from one word to the other: a letter added, left out, or changed. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known word that was probably meant. */
export function nearest(word: string, known: string[]): string | undefined {
  const ranked = known.map((name) => ({ name, steps: name.startsWith(word) ? 0 : distance(word, name) }));
  ranked.sort((a, b) => a.steps - b.steps);
  const [best] = ranked;
  return best && best.steps <= Math.max(2, Math.floor(word.length / 2)) ? best.name : undefined;
}
