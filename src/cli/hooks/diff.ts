/** One line of a diff. */
export interface Row {
  sign: " " | "-" | "+";
  text: string;
}

/** Unchanged lines shown around. */
const AROUND = 2;

/** Longest common subsequence by a table: settings have some hundred lines. */
function lengths(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (table[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return table;
}

function rowsOf(a: string[], b: string[]): Row[] {
  const table = lengths(a, b);
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, fresh] = [a[i], b[j]];
    if (old !== undefined && old === fresh) {
      rows.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (old !== undefined && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0)) {
      rows.push({ sign: "-", text: old });
      i++;
    } else {
      rows.push({ sign: "+", text: fresh ?? "" });
      j++;
    }
  }
  return rows;
}

/** Only what is near a change; null = something was left out here. */
function near(rows: Row[]): (Row | null)[] {
  const isNear = (at: number) => rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ sign }) => sign !== " ");
  const kept = rows.map((row, at) => (isNear(at) ? row : null));
  return kept.filter((row, at) => row !== null || (at > 0 && at < kept.length - 1 && kept[at - 1] !== null));
}

/** What changes between two texts, line by line. */
export function lineDiff(before: string, after: string): (Row | null)[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const start = Math.max(0, head - AROUND);
  const end = Math.max(0, tail - AROUND);
  return near(rowsOf(a.slice(start, a.length - end), b.slice(start, b.length - end)));
}
