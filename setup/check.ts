import { join } from "node:path";

const root = join(import.meta.dir, "..");

/** One tool over the whole checkout. It passes when it exits with 0. */
interface Check {
  name: string;
  says: string;
  argv: string[];
}

export interface Checked {
  name: string;
  isOk: boolean;
  millis: number;
  output: string;
}

const tool = (name: string, ...args: string[]) => [
  process.execPath,
  "--no-install",
  join("node_modules", ".bin", name),
  ...args,
];

/** Those which look at the sources without running them. */
export const STATIC_CHECKS: Check[] = [
  { name: "biome", says: "format, lint, budgets", argv: tool("biome", "ci", "--colors=off") },
  { name: "tsc", says: "types", argv: tool("tsc", "-p", ".", "--pretty", "false") },
  { name: "knip", says: "dead files, exports, dependencies", argv: tool("knip", "--no-progress") },
];

const BOUNDARIES: Check = {
  name: "boundaries",
  says: "imports and conventions",
  argv: [process.execPath, "--no-install", "test", "./test/boundaries.test.ts", "./test/conventions.test.ts"],
};

async function run({ name, argv }: Check): Promise<Checked> {
  const began = performance.now();
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", NO_COLOR: "1" };
  const ran = Bun.spawn(argv, { cwd: root, env, stdin: "ignore", stdout: "pipe", stderr: "pipe", timeout: 120_000 });
  const [out, err, code] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
    ran.exited,
  ]);
  return { name, isOk: code === 0, millis: performance.now() - began, output: `${out}${err}`.trim() };
}

export const runChecks = (checks: Check[]): Promise<Checked[]> => Promise.all(checks.map(run));

if (import.meta.main) {
  const checks = [...STATIC_CHECKS, BOUNDARIES];
  const done = await runChecks(checks);
  for (const { name, isOk, output } of done) if (!isOk) console.log(`--- ${name}\n${output}\n`);
  for (const [index, { name, isOk, millis }] of done.entries()) {
    const seconds = `${(millis / 1000).toFixed(1)} s`;
    console.log(`${isOk ? "ok    " : "FAILED"}  ${name.padEnd(10)}  ${seconds.padStart(7)}  ${checks[index]?.says}`);
  }
  process.exit(done.every(({ isOk }) => isOk) ? 0 : 1);
}
