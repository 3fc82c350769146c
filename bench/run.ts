import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { cold } from "./cold.ts";
import { endAllOnSignals } from "./ending.ts";
import { isMet, merged, type Row } from "./figures.ts";
import { hooks } from "./hooks.ts";
import { idle } from "./idle.ts";
import { jobs } from "./jobs.ts";
import { letter } from "./letter.ts";
import { send } from "./send.ts";
import { start } from "./start.ts";
import { tableOf } from "./table.ts";
import { terminal } from "./terminal.ts";

/** Measures Muster and the same without it; `isQuick` = few samples, to see that it works. */
type Measure = (isQuick: boolean) => Promise<Row[]>;

const MEASURES: Record<string, Measure> = { terminal, send, letter, start, hooks, jobs, idle, cold };
const RUNS = 3;

const USAGE = `bun run bench [${Object.keys(MEASURES).join("|")} ...] [--json FILE|-] [--quick] [--runs N]

Figures are medians of ${RUNS} runs (--quick: of one with few samples). Every run starts daemons, agents and tmux servers of
its own in temporary folders, and ends them.`;

interface Order {
  names: string[];
  json: string | null;
  isQuick: boolean;
  runs: number;
}

function refuse(): never {
  console.error(USAGE);
  process.exit(64);
}

function orderOf(argv: string[]): Order {
  const options = { json: { type: "string" }, runs: { type: "string" }, quick: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const isQuick = values.quick === true;
  const runs = Number(values.runs ?? (isQuick ? 1 : RUNS));
  if (!(runs >= 1) || !positionals.every((name) => Object.hasOwn(MEASURES, name))) refuse();
  const names = positionals.length > 0 ? positionals : Object.keys(MEASURES);
  return { names, json: values.json ?? null, isQuick, runs };
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
  if (order.json === "-") return console.log(text);
  if (order.json) writeFileSync(order.json, `${text}\n`);
  console.log(tableOf(rows));
}

await main();
