import { isMet, promiseOf, type Row } from "./figures.ts";

const shown = (value: number | undefined): string => {
  if (value === undefined) return "-";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
};

const HEADER = ["measure", "unit", "n", "p50", "p95", "baseline", "p50", "p95", "ratio", "target", "met"];

function cellsOf(row: Row): string[] {
  const { measure, unit, samples, figures, baseline } = row;
  const met = isMet(row);
  return [
    measure,
    unit,
    String(samples),
    shown(figures.p50),
    shown(figures.p95),
    baseline?.name ?? "-",
    shown(baseline?.p50),
    shown(baseline?.p95),
    baseline ? `${shown(figures.p50 / baseline.p50)} / ${shown(figures.p95 / baseline.p95)}` : "-",
    promiseOf(row),
    met === null ? "-" : met ? "yes" : "NO",
  ];
}

/** All rows as a table of Markdown; the ratio is that of the p50s and that of the p95s. */
export function tableOf(rows: Row[]): string {
  const lines = [HEADER, ...rows.map(cellsOf)];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(HEADER), rule, ...lines.slice(1).map(line)].join("\n");
}
