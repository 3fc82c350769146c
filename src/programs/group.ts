import { readFileSync } from "node:fs";

/** A grandchild that left the group may hold a pipe open for ever; its words are not waited for. */
const DRAIN_MS = 500;

export interface GroupOrder {
  argv: string[];
  stdin?: string;
  cwd: string;
  env: Record<string, string>;
  limitMs: number;
  signal: AbortSignal;
  started?(pid: number): void;
  /** What it prints, as it comes. */
  out(bytes: Uint8Array): void;
  err(bytes: Uint8Array): void;
}

export interface GroupEnd {
  code: number | null;
  end: "own" | "timeout" | "stopped" | "missing";
  problem: string;
}

/** Ends a whole process group. It may be gone already. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: nobody is left.
  }
}

/** What a program is given to end by itself, and to end what it has started elsewhere. */
const GRACE_MS = 2000;

function askGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // ESRCH: nobody is left.
  }
}

/** When a process began, as the system says it: whoever has its number later began at another time. null = it is gone. */
export function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Its name may hold blanks and brackets; the 20th word behind it is the time (proc(5), field 22).
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    const said = Bun.spawnSync(["ps", "-o", "lstart=", "-p", String(pid)], { stderr: "ignore" });
    return said.stdout.toString().trim() || null;
  }
}

async function drain(stream: ReadableStream<Uint8Array>, take: (bytes: Uint8Array) => void): Promise<void> {
  for await (const chunk of stream) take(chunk);
}

const nowhere = (end: GroupEnd["end"], problem: string): GroupEnd => ({ code: null, end, problem });

/** Runs a program in a process group of its own; whatever it started ends with it, in time or not. */
export async function runGroup(order: GroupOrder): Promise<GroupEnd> {
  const { argv, cwd, env, limitMs, signal } = order;
  const [name = "", ...rest] = argv;
  if (signal.aborted) return nowhere("stopped", "stopped");
  const program = Bun.which(name, { PATH: env.PATH ?? "", cwd });
  if (!program) return nowhere("missing", `${name} is no program in PATH (${env.PATH ?? ""})`);
  const stdin = order.stdin === undefined ? "ignore" : new TextEncoder().encode(order.stdin);
  let child: Bun.Subprocess<"ignore" | Uint8Array, "pipe", "pipe">;
  try {
    child = Bun.spawn([program, ...rest], { cwd, env, stdin, stdout: "pipe", stderr: "pipe", detached: true });
  } catch (error) {
    return nowhere(
      "missing",
      `${name} could not be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const drained = Promise.allSettled([drain(child.stdout, order.out), drain(child.stderr, order.err)]);
  let forced: "timeout" | "stopped" | null = null;
  let last: Timer | undefined;
  const end = (how: "timeout" | "stopped") => {
    forced ??= how;
    askGroup(child.pid);
    last ??= setTimeout(() => endGroup(child.pid), GRACE_MS);
  };
  const timer = setTimeout(() => end("timeout"), limitMs);
  const stop = () => end("stopped");
  signal.addEventListener("abort", stop, { once: true });
  order.started?.(child.pid);
  const code = await child.exited;
  clearTimeout(timer);
  clearTimeout(last);
  signal.removeEventListener("abort", stop);
  endGroup(child.pid);
  await Promise.race([drained, Bun.sleep(DRAIN_MS)]);
  return forced ? nowhere(forced, forced) : { code, end: "own", problem: "" };
}
