/** What a program said and how it ended. */
export interface Ended {
  /** 124 = stopped after its time, 130 = stopped by us, 127 = could not be started. */
  code: number;
  stdout: Uint8Array;
  stderr: string;
}

export interface ProgramOrder {
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  stdin?: string | Uint8Array;
  limitMs: number;
  signal?: AbortSignal;
  /** Both streams into stdout, and only their first and last parts. */
  isReport?: boolean;
}

export const TIMED_OUT = 124;
const STOPPED = 130;

/** What git may say at most; more is a bug or an attack. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;
/** What is kept of a report: its beginning and its end. */
const REPORT_PART = 16 * 1024;
/** A grandchild that left the group may hold the pipe open for ever; its words are not waited for. */
const DRAIN_MS = 500;

/** Keeps a stream up to a limit, and after that only its end. */
class Collector {
  private readonly head: Uint8Array[] = [];
  private headSize = 0;
  private tail: Uint8Array = new Uint8Array();
  private dropped = 0;

  constructor(private readonly limit: number) {}

  add(bytes: Uint8Array): void {
    const room = Math.max(0, this.limit - this.headSize);
    if (room > 0) {
      this.head.push(bytes.slice(0, room));
      this.headSize += Math.min(room, bytes.length);
    }
    const rest = bytes.subarray(room);
    if (rest.length === 0) return;
    const all = Buffer.concat([this.tail, rest]);
    const excess = Math.max(0, all.length - REPORT_PART);
    this.dropped += excess;
    this.tail = all.subarray(excess);
  }

  bytes(): Uint8Array {
    const gap = this.dropped > 0 ? [Buffer.from(`\n[... ${this.dropped} bytes ...]\n`)] : [];
    return Buffer.concat([...this.head, ...gap, this.tail]);
  }
}

async function drain(stream: ReadableStream<Uint8Array>, into: Collector): Promise<void> {
  for await (const chunk of stream) into.add(chunk);
}

/** Ends a whole process group. It may be gone already. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: nobody is left.
  }
}

const notStarted = (code: number, stderr: string): Ended => ({ code, stdout: new Uint8Array(), stderr });

/** Runs a program in a process group of its own and ends the whole group with it, in time or not. */
export async function runProgram(order: ProgramOrder): Promise<Ended> {
  const { argv, cwd, env, stdin, limitMs, signal } = order;
  if (signal?.aborted) return notStarted(STOPPED, "stopped");
  const input = typeof stdin === "string" ? new TextEncoder().encode(stdin) : (stdin ?? "ignore");
  let child: Bun.Subprocess<"ignore" | Uint8Array, "pipe", "pipe">;
  try {
    child = Bun.spawn(argv, { cwd, env, stdin: input, stdout: "pipe", stderr: "pipe", detached: true });
  } catch (error) {
    return notStarted(127, error instanceof Error ? error.message : String(error));
  }
  const out = new Collector(order.isReport ? REPORT_PART : OUTPUT_LIMIT);
  const err = order.isReport ? out : new Collector(REPORT_PART);
  const drained = Promise.allSettled([drain(child.stdout, out), drain(child.stderr, err)]);
  let forced: number | null = null;
  const end = (code: number) => {
    forced ??= code;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end(TIMED_OUT), limitMs);
  const stop = () => end(STOPPED);
  signal?.addEventListener("abort", stop, { once: true });
  const code = await child.exited;
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  killGroup(child.pid);
  await Promise.race([drained, Bun.sleep(DRAIN_MS)]);
  return { code: forced ?? code, stdout: out.bytes(), stderr: new TextDecoder().decode(err.bytes()) };
}

/** The first lines and the last ones of an output: what failed stands at either end. */
export function ends(output: string, first = 20, last = 40): string {
  const lines = output.trimEnd().split("\n");
  if (lines.length <= first + last) return lines.join("\n");
  return [...lines.slice(0, first), `[... ${lines.length - first - last} lines ...]`, ...lines.slice(-last)].join("\n");
}
