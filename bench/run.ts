import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { army } from "./army.ts";
import { cold } from "./cold.ts";
import { consoleRows } from "./console.ts";
import { dashboard } from "./dashboard.ts";
import { endAllOnSignals } from "./ending.ts";
import { isMet, merged, type Row } from "./figures.ts";
import { hooks } from "./hooks.ts";
import { idle } from "./idle.ts";
import { jobs } from "./jobs.ts";
import { letter } from "./letter.ts";
import { send } from "./send.ts";
import { signals } from "./signals.ts";
import { start } from "./start.ts";
import { tableOf } from "./table.ts";
import { terminal } from "./terminal.ts";

/** Measures Muster and the same without it; `isQuick` = few samples, to see that it works. */
type Measure = (isQuick: boolean) => Promise<Row[]>;

const MEASURES: Record<string, Measure> = {
  terminal,
  send,
  letter,
  start,
  army,
  hooks,
  signals,
  jobs,
  idle,
  cold,
  console: consoleRows,
  dashboard,
};
const RUNS = 3;

const USAGE = `bun run bench [${Object.keys(MEASURES).join("|")} ...] [--json] [--out FILE] [--quick] [--runs N]

Prints a table; with --json the same as JSON instead; with --out FILE the JSON also goes there. Figures are medians of
${RUNS} runs (--quick: of one with few samples). Every run starts daemons, agents and tmux servers of its own in temporary
folders, and ends them.`;

interface Order {
  names: string[];
  isJson: boolean;
  out: string | null;
  isQuick: boolean;
  runs: number;
}

const OPTIONS = {
  json: { type: "boolean" },
  out: { type: "string" },
  runs: { type: "string" },
  quick: { type: "boolean" },
} as const;

function refuse(reason: string): never {
  console.error(`bench: ${reason}\n\n${USAGE}`);
  process.exit(64);
}

function orderOf(argv: string[]): Order {
  try {
    const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
    const isQuick = values.quick === true;
    const runs = Number(values.runs ?? (isQuick ? 1 : RUNS));
    if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: a whole number from 1 on`);
    const unknown = positionals.find((name) => !Object.hasOwn(MEASURES, name));
    if (unknown !== undefined) throw new Error(`there is no measure ${unknown}`);
    const names = positionals.length > 0 ? positionals : Object.keys(MEASURES);
    return { names, isJson: values.json === true, out: values.out ?? null, isQuick, runs };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

async function measured(name: string, { isQuick, runs }: Order): Promise<Row[]> {
  const measure = MEASURES[name] as Measure;
  const all: Row[][] = [];
  for (let run = 1; run <= runs; run++) {
    const began = performance.now();
    all.push(await measure(isQuick));
    console.error(`${name}: run ${run} of ${runs}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  return (all[0] ?? []).map((_, index) => merged(all.flatMap((rows) => rows[index] ?? [])));
}

const tmuxVersion = (): string => Bun.spawnSync(["tmux", "-V"]).stdout.toString().trim();

/** What the figures depend on, without naming the machine. */
const machine = () => ({
  cores: navigator.hardwareConcurrency,
  system: process.platform,
  bun: Bun.version,
  tmux: tmuxVersion(),
});

async function main(): Promise<void> {
  const order = orderOf(process.argv.slice(2));
  endAllOnSignals();
  const rows: Row[] = [];
  for (const name of order.names) rows.push(...(await measured(name, order)));
  const report = { machine: machine(), runs: order.runs, rows: rows.map((row) => ({ ...row, isMet: isMet(row) })) };
  const text = JSON.stringify(report, null, 1);
  if (order.out) writeFileSync(order.out, `${text}\n`);
  console.log(order.isJson ? text : tableOf(rows));
}

await main();
