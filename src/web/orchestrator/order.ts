/** A waiting task in its place: the highest priority first, then the oldest. */
export interface Placed {
  task: number;
  priority: number;
}

const comesFirst = (left: Placed, right: Placed): boolean =>
  left.priority > right.priority || (left.priority === right.priority && left.task < right.task);

/** The priority that puts a task between two others without touching them; null = there is none. */
function between({ task, priority: own }: Placed, above: Placed | undefined, below: Placed | undefined): number | null {
  const near = [
    ...(above ? [above.priority, above.priority - 1] : []),
    ...(below ? [below.priority, below.priority + 1] : []),
  ];
  const tried = [own, ...near];
  const fits = (priority: number): boolean =>
    (!above || comesFirst(above, { task, priority })) && (!below || comesFirst({ task, priority }, below));
  return tried.find(fits) ?? null;
}

/**
 * The priorities to set so that a task stands at a place of the list: its own when that is enough, else also those of the tasks
 * above it, each by as little as it takes. `rows` as they stand; `to`: its place among the others.
 */
export function placed(rows: readonly Placed[], task: number, to: number): Placed[] {
  const moved = rows.find((row) => row.task === task);
  if (!moved) return [];
  const others = rows.filter((row) => row.task !== task);
  const at = Math.max(0, Math.min(to, others.length));
  const priority = between(moved, others[at - 1], others[at]);
  if (priority !== null) return priority === moved.priority ? [] : [{ task, priority }];
  const changes: Placed[] = [];
  let below = others[at] as Placed;
  for (const row of [...others.slice(0, at), moved].toReversed()) {
    if (comesFirst(row, below) && row.task !== task) break;
    const next: Placed = { task: row.task, priority: row.task < below.task ? below.priority : below.priority + 1 };
    if (next.priority !== row.priority) changes.push(next);
    below = next;
  }
  return changes;
}
