import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Mutant, mutatedTree } from "./tree.ts";
import { COVERAGE_PRELOAD, callWitnesses, isKilled, type Witness } from "./witness.ts";

const USAGE = `bun run mutants [--sample N] [--seed S] [--only PART] [--least PERCENT] [--json FILE]

Changes one thing in src/core or src/engine at a time and looks whether a test notices. Without --sample every change is
tried, which takes long; --only takes the files whose path has PART in it. Survivors are listed; with --least, fewer killed
are a failure.`;

/** Tests of two mutants run side by side: more than two cores would make slow ones look endless. */
const TOGETHER = 2;

interface Order {
  sample: number;
  seed: number;
  only: string;
  /** Percent of mutants that must be killed. */
  least: number;
  json: string | undefined;
}

function orderOf(argv: string[]): Order {
  const text = { type: "string" } as const;
  const options = { sample: text, seed: text, only: text, least: text, json: text };
  const { values } = parseArgs({ args: argv, options });
  const sample = Number(values.sample ?? Infinity);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const least = Number(values.least ?? 0);
  if (!(sample > 0) || !Number.isInteger(seed) || !(least <= 100))
    throw new Error("--sample, --seed and --least take numbers");
  return { sample, seed, only: values.only ?? "", least, json: values.json };
}

/** A shuffle that a seed repeats. */
function chosen(mutants: Mutant[], { sample, seed, only }: Order): Mutant[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const wanted = mutants.filter(({ file }) => file.includes(only)).map((mutant) => ({ mutant, rank: next() }));
  return wanted
    .sort((left, right) => left.rank - right.rank)
    .slice(0, sample)
    .map(({ mutant }) => mutant);
}

async function survivorsOf(folder: string, mutants: Mutant[], witnesses: Witness[]): Promise<Mutant[]> {
  const survivors: Mutant[] = [];
  const waiting = [...mutants];
  const work = async () => {
    for (let mutant = waiting.pop(); mutant; mutant = waiting.pop()) {
      if (!(await isKilled(folder, mutant.id, witnesses))) survivors.push(mutant);
      if (waiting.length % 100 === 0) console.error(`${waiting.length} left, ${survivors.length} survived`);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return survivors.sort((left, right) => left.file.localeCompare(right.file) || left.line - right.line);
}

async function main(): Promise<number> {
  const order = orderOf(process.argv.slice(2));
  const tree = await mutatedTree();
  try {
    writeFileSync(join(tree.folder, "coverage-preload.ts"), COVERAGE_PRELOAD);
    const mutants = chosen(tree.mutants, order);
    console.error(`${mutants.length} of ${tree.mutants.length} mutants, seed ${order.seed}`);
    const witnesses = await callWitnesses(tree.folder, TOGETHER, (line) => console.error(line));
    const survivors = await survivorsOf(tree.folder, mutants, witnesses);
    for (const { file, line, kind, before, after } of survivors) {
      console.log(`${file}:${line}  ${kind}\n  - ${before}\n  + ${after}`);
    }
    const killed = mutants.length - survivors.length;
    const share = ((100 * killed) / Math.max(1, mutants.length)).toFixed(1);
    console.log(`${killed} of ${mutants.length} mutants killed: ${share} %`);
    if (order.json) writeFileSync(order.json, `${JSON.stringify({ seed: order.seed, killed, survivors }, null, 1)}\n`);
    return Number(share) < order.least ? 1 : 0;
  } finally {
    tree.end();
  }
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`mutants: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exit(64);
}
