/** What a measure found: the middle and the tail of its samples. */
export interface Figures {
  p50: number;
  p95: number;
}

/** What was promised. Each bound that is set must hold. */
export interface Limits {
  p50?: number;
  p95?: number;
  /** Times the baseline's p50. */
  timesP50?: number;
  /** Times the baseline's p95. */
  timesP95?: number;
  /** p50 must reach this. */
  atLeast?: number;
}

/** One line of the table. */
export interface Row {
  measure: string;
  unit: string;
  samples: number;
  figures: Figures;
  /** The same without Muster, from the same run. */
  baseline?: Figures & { name: string };
  /** Absent = shown only for comparison. */
  limits?: Limits;
}

/** Nearest rank: a value that was really measured. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const figuresOf = (values: number[]): Figures => ({
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
});

const medianOf = (all: Figures[]): Figures => ({
  p50: percentile(
    all.map(({ p50 }) => p50),
    0.5,
  ),
  p95: percentile(
    all.map(({ p95 }) => p95),
    0.5,
  ),
});

/** One row of the same measure from several runs: the median of each figure. */
export function merged(rows: Row[]): Row {
  const [first] = rows;
  if (!first) throw new Error("no run");
  const baselines = rows.flatMap(({ baseline }) => baseline ?? []);
  return {
    ...first,
    samples: rows.reduce((sum, { samples }) => sum + samples, 0),
    figures: medianOf(rows.map(({ figures }) => figures)),
    ...(first.baseline ? { baseline: { name: first.baseline.name, ...medianOf(baselines) } } : {}),
  };
}

/** Does this row keep what was promised? null = nothing was. */
export function isMet({ figures, baseline, limits }: Row): boolean | null {
  if (!limits) return null;
  const { p50 = Infinity, p95 = Infinity, timesP50 = Infinity, timesP95 = Infinity, atLeast = -Infinity } = limits;
  // A product with an absent baseline is NaN, and no figure is within it.
  const within = (value: number, times: number, base = Number.NaN) => times === Infinity || value <= times * base;
  return (
    figures.p50 <= p50 &&
    figures.p95 <= p95 &&
    figures.p50 >= atLeast &&
    within(figures.p50, timesP50, baseline?.p50) &&
    within(figures.p95, timesP95, baseline?.p95)
  );
}

/** The promise in words. */
export function promiseOf({ limits, unit }: Row): string {
  if (!limits) return "-";
  const { p50, p95, timesP50, timesP95, atLeast } = limits;
  const parts = [
    p50 === undefined ? "" : `p50 ≤ ${p50} ${unit}`,
    p95 === undefined ? "" : `p95 ≤ ${p95} ${unit}`,
    timesP50 === undefined ? "" : `p50 ≤ ${timesP50} × baseline`,
    timesP95 === undefined ? "" : `p95 ≤ ${timesP95} × baseline`,
    atLeast === undefined ? "" : `≥ ${atLeast}`,
  ];
  return parts.filter(Boolean).join(", ");
}
