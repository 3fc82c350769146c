import { join } from "node:path";

/** Tests in one folder, and what they may take. */
export interface Suite {
  name: string;
  /** Files or folders, relative to the checkout. */
  paths: string[];
  /** For one test. */
  timeoutMs: number;
  /** For all of them. */
  limitMs: number;
  /** Environment beside the allowed one. */
  env?: Record<string, string>;
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Lines in which a suite says why it is skipped. */
  reasons: string[];
}

const root = join(import.meta.dir, "..");

const KINDS: Record<string, keyof Omit<Tally, "reasons">> = {
  pass: "passed",
  fail: "failed",
  error: "failed",
  errors: "failed",
  skip: "skipped",
  todo: "skipped",
};

/** Lines kept of what a test printed; shown only when it fails. */
const KEPT_LINES = 400;

/** Reads what `bun test` prints: shows failures whole, one line per file of the rest, and adds up the summary. */
export class Progress {
  readonly tally: Tally = { passed: 0, failed: 0, skipped: 0, reasons: [] };
  private file = "";
  private count = 0;
  /** From here on `bun test` only repeats what it said before. */
  private isRecap = false;
  private kept: string[] = [];

  constructor(private readonly print: (line: string) => void) {}

  take(line: string): void {
    const summary = /^ +(\d+) (pass|fail|skip|todo|errors?)$/.exec(line);
    const kind = KINDS[summary?.[2] ?? ""];
    if (kind) this.tally[kind] += Number(summary?.[1]);
    else if (/^\d+ tests? (failed|skipped|todo):$/.test(line)) this.isRecap = true;
    else if (this.isRecap) return;
    else if (/^\S+\.test\.tsx?:$/.test(line)) this.open(line.slice(0, -1));
    else if (/^\((pass|skip|todo|fail)\)/.test(line)) this.end(line);
    else this.keep(line);
  }

  /** After the last line: prints what is still open. `isOk` = the program ended with 0. */
  close(isOk: boolean): void {
    this.open("");
    if (isOk || this.tally.failed > 0) return;
    this.tally.failed += 1;
    for (const line of this.kept) this.print(line);
  }

  private open(file: string): void {
    if (this.file) this.print(`  ${this.file}: ${this.count}`);
    this.file = file;
    this.count = 0;
  }

  private end(line: string): void {
    this.count += 1;
    if (line.startsWith("(fail)")) for (const kept of [...this.kept, line]) this.print(kept);
    if (line.startsWith("(skip)")) this.print(`  ${line}`);
    this.kept = [];
  }

  private keep(line: string): void {
    if (/ is skipped: /.test(line)) {
      this.tally.reasons.push(line);
      this.print(`  ${line}`);
      return;
    }
    this.kept.push(line);
    if (this.kept.length > KEPT_LINES) this.kept.shift();
  }
}

async function follow(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  if (rest) take(rest);
}

/** Runs one suite in a process of its own, so that a crash or an endless test ends only this one. */
export async function runSuite(
  suite: Suite,
  env: Record<string, string>,
  print: (line: string) => void = console.log,
): Promise<Tally> {
  const progress = new Progress(print);
  const argv = [process.execPath, "--no-install", "test", "--timeout", String(suite.timeoutMs), ...suite.paths];
  const ran = Bun.spawn(argv, {
    cwd: root,
    env: { ...env, ...suite.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: Math.floor(suite.limitMs),
    killSignal: "SIGKILL",
  });
  const take = (line: string) => progress.take(line);
  const [code] = await Promise.all([ran.exited, follow(ran.stdout, take), follow(ran.stderr, take)]);
  if (ran.signalCode === "SIGKILL") progress.take(`${suite.name} was ended after ${suite.limitMs / 1000} s`);
  progress.close(code === 0);
  return progress.tally;
}
