import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Tests that run in this process alone, quick enough to be asked about every mutant. */
const WITNESSES = [
  ...[
    "src/{boards,cli,core,drivers,engine,files,mailbox,server,tui}/**/*.test.ts",
    "test/simulation/quick.test.ts",
    "test/letters/pair.test.ts",
  ],
  ...["test/web/{api,terminal-socket}.test.ts", "test/security/{http,http-agents}.test.ts"],
];

/** A test file, and what it was seen to do without any mutant. */
export interface Witness {
  file: string;
  millis: number;
  /** Mutants whose code it runs. */
  covers: Set<string>;
}

/** Writes down at the end which mutants' code was run (`bun test` tells no `exit` to the process, 1.4.4). */
export const COVERAGE_PRELOAD = `import { afterAll } from "bun:test";
import { writeFileSync } from "node:fs";
afterAll(() => {
  const found = Object.keys(globalThis.__stryker__?.mutantCoverage?.static ?? {});
  writeFileSync(process.env.MUTANT_COVERAGE, JSON.stringify(found));
});
`;

/** A mutant may run for ever: whoever ends the run ends these, too. */
const running = new Set<Bun.Subprocess>();
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => {
    for (const child of running) child.kill("SIGKILL");
    process.exit(1);
  });

async function runFile(
  folder: string,
  file: string,
  env: Record<string, string>,
  limitMs: number,
): Promise<number | null> {
  const preload = env.MUTANT_COVERAGE ? ["--preload", join(folder, "coverage-preload.ts")] : [];
  const ran = Bun.spawn(
    [process.execPath, "--no-install", "test", "--bail", "--timeout", "20000", ...preload, `./${file}`],
    {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", HOME: folder, LANG: "C.UTF-8", ...env },
      ...{ stdin: "ignore", stdout: "ignore", stderr: "ignore", timeout: limitMs, killSignal: "SIGKILL" },
    },
  );
  running.add(ran);
  const code = await ran.exited;
  running.delete(ran);
  return ran.signalCode === null ? code : null;
}

async function call(folder: string, file: string, path: string): Promise<Witness> {
  for (let tries = 0; tries < 2; tries++) {
    const began = performance.now();
    rmSync(path, { force: true });
    const code = await runFile(folder, file, { MUTANT_COVERAGE: path }, 120_000);
    const millis = performance.now() - began;
    if (code === 0 && existsSync(path))
      return { file, millis, covers: new Set(JSON.parse(readFileSync(path, "utf8")) as string[]) };
  }
  throw new Error(`${file} fails without any mutant`);
}

/** Runs every witness once without a mutant, so many `together`; one that fails then is no witness. */
export async function callWitnesses(
  folder: string,
  together: number,
  tell: (line: string) => void,
): Promise<Witness[]> {
  const witnesses: Witness[] = [];
  const waiting = WITNESSES.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(folder)]).sort();
  const work = async (lane: number) => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const witness = await call(folder, file, join(folder, `coverage-${lane}.json`));
      witnesses.push(witness);
      tell(`${file}: ${(witness.millis / 1000).toFixed(1)} s`);
    }
  };
  await Promise.all(Array.from({ length: together }, (_, lane) => work(lane)));
  return witnesses.sort((left, right) => left.millis - right.millis);
}

/** Does any test notice this mutant? The quickest witness is asked first; an endless run has noticed too. */
export async function isKilled(folder: string, id: string, witnesses: Witness[]): Promise<boolean> {
  for (const { file, millis, covers } of witnesses) {
    if (!covers.has(id)) continue;
    const code = await runFile(folder, file, { __STRYKER_ACTIVE_MUTANT__: id }, Math.ceil(10_000 + 5 * millis));
    if (code !== 0) return true;
  }
  return false;
}
