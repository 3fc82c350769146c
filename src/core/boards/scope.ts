/** Which tasks were meant at first, and which are now; ids such as `T007`, sorted. */
export interface Scope {
  original: string[];
  current: string[];
}

const sorted = (ids: string[]): string[] => [...new Set(ids)].sort();

/**
 * The scope from the plans that are there. Until work begins the original grows with the plan; from then on it stands, and
 * only `current` changes.
 */
export function scopeOf(known: Scope | undefined, tasks: { id: string; status: string }[]): Scope {
  const current = sorted(tasks.map(({ id }) => id));
  const isBegun = known !== undefined && known.original.length > 0 && tasks.some(({ status }) => status !== "planned");
  return { original: isBegun ? known.original : current, current };
}

export const isSameScope = (left: Scope | undefined, right: Scope | undefined): boolean =>
  JSON.stringify(left ? [left.original, left.current] : null) ===
  JSON.stringify(right ? [right.original, right.current] : null);

/** What came in and went out since the plan was first made: `+T004 -T002`; empty = nothing. */
export function drift({ original, current }: Scope): string {
  const added = current.filter((id) => !original.includes(id)).map((id) => `+${id}`);
  const gone = original.filter((id) => !current.includes(id)).map((id) => `-${id}`);
  return [...added, ...gone].join(" ");
}

/** The file as the daemon writes it. */
export const scopeText = ({
  original,
  current,
}: Scope): string => `# Kept by Muster from the plans; an edit is computed again.
original: [${original.join(", ")}]
current: [${current.join(", ")}]
`;

/** The scope that a document holds; undefined when it holds none. */
export function readScope(value: unknown): Scope | undefined {
  const { original, current } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const isList = (ids: unknown): ids is string[] =>
    Array.isArray(ids) && ids.every((id) => typeof id === "string" && /^T\d{3,6}$/.test(id));
  return isList(original) && isList(current) ? { original, current } : undefined;
}
