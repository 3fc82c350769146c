import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const root = join(import.meta.dir, "..", "..");

/** What is mutated: everything that decides. */
const MUTATED = ["src/core/**/*.ts", "src/engine/**/*.ts"];

/** What tests need of a checkout. */
const COPIED = ["src", "test", "bin", "setup", "docs", "package.json", "tsconfig.json", "bunfig.toml"];

export interface Mutant {
  id: string;
  file: string;
  line: number;
  /** `ConditionalExpression`, `StringLiteral`... */
  kind: string;
  before: string;
  after: string;
}

export interface Tree {
  folder: string;
  mutants: Mutant[];
  /** Removes it. */
  end(): void;
}

/** The instrumenter tells what it does; nobody here listens. */
const silent = {
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => false, isErrorEnabled: () => true, isFatalEnabled: () => true },
  ...{ trace() {}, debug() {}, info() {}, warn() {}, error: console.error, fatal: console.error },
};

const sources = (): string[] =>
  MUTATED.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(root)]).filter((path) => !path.includes(".test."));

/** The text between two places of a source, on one line. */
function excerpt(source: string, from: { line: number; column: number }, to: { line: number; column: number }): string {
  const lines = source.split("\n").slice(from.line, to.line + 1);
  lines[lines.length - 1] = (lines.at(-1) ?? "").slice(0, to.column);
  lines[0] = (lines[0] ?? "").slice(from.column);
  return lines.join(" ").replace(/\s+/g, " ").slice(0, 100);
}

/** A copy of the checkout in which each mutant waits behind a switch: `__STRYKER_ACTIVE_MUTANT__=id` turns one on. */
export async function mutatedTree(): Promise<Tree> {
  const folder = mkdtempSync(join(tmpdir(), "muster-mutants-"));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const files = sources().map((name) => ({ name, content: readFileSync(join(root, name), "utf8"), mutate: true }));
  const instrumenter = new Instrumenter(silent as never);
  const made = await instrumenter.instrument(files, { plugins: null, excludedMutations: [], ignorers: [] });
  for (const { name, content } of made.files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const textOf = new Map(files.map(({ name, content }) => [name, content]));
  const mutants = made.mutants
    .filter(({ status }) => status !== "Ignored")
    .map(
      ({ id, fileName, location, mutatorName, replacement }): Mutant => ({
        ...{ id, file: fileName, line: location.start.line + 1, kind: mutatorName },
        before: excerpt(textOf.get(fileName) ?? "", location.start, location.end),
        after: (replacement ?? "").replace(/\s+/g, " ").slice(0, 100),
      }),
    );
  return { folder, mutants, end: () => rmSync(folder, { recursive: true, force: true }) };
}
