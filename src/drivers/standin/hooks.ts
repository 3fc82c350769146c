import { readFileSync } from "node:fs";

/** One command of the settings file, in Claude Code's format. */
export interface Hook {
  command: string;
  /** Seconds. */
  timeout: number;
  isAsync: boolean;
  matcher?: RegExp;
}

export interface Settings {
  hooks: Record<string, Hook[]>;
  statusLine?: string;
}

/** How a hook ended; code null = killed, by its timeout or by a signal. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface RawSettings {
  hooks?: Record<string, { matcher?: string; hooks?: RawHook[] }[]>;
  statusLine?: { command?: string };
}
interface RawHook {
  type?: string;
  command?: string;
  timeout?: number;
  async?: boolean;
}

/** Seconds; Claude Code's own default. */
const TIMEOUT = 60;

const matcherOf = (text: string | undefined): RegExp | undefined =>
  text && text !== "*" ? new RegExp(`^(?:${text})$`) : undefined;

export function settingsOf(text: string): Settings {
  const raw: RawSettings = JSON.parse(text);
  const hooks: Record<string, Hook[]> = {};
  for (const [event, groups] of Object.entries(raw.hooks ?? {})) {
    hooks[event] = groups.flatMap((group) =>
      (group.hooks ?? [])
        .filter((hook) => hook.type === "command" && hook.command)
        .map((hook) => ({
          command: hook.command ?? "",
          timeout: hook.timeout ?? TIMEOUT,
          isAsync: hook.async === true,
          matcher: matcherOf(group.matcher),
        })),
    );
  }
  return { hooks, statusLine: raw.statusLine?.command };
}

export const readSettings = (path: string | undefined): Settings =>
  path ? settingsOf(readFileSync(path, "utf8")) : { hooks: {} };

export const isMatch = (hook: Hook, subject: string): boolean => !hook.matcher || hook.matcher.test(subject);

/** Harmless when the group is gone. */
export function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** Runs one command by `sh -c` with the JSON on stdin, in a process group of its own; an abort or the timeout ends the group. */
export async function runHook(
  hook: Pick<Hook, "command" | "timeout">,
  payload: object,
  cwd: string,
  signal?: AbortSignal,
): Promise<Outcome> {
  const child = Bun.spawn(["sh", "-c", hook.command], {
    cwd,
    stdin: Buffer.from(`${JSON.stringify(payload)}\n`),
    stdout: "pipe",
    stderr: "pipe",
    detached: true,
  });
  const end = () => {
    endGroup(child.pid, "SIGTERM");
    setTimeout(() => endGroup(child.pid, "SIGKILL"), 500).unref();
  };
  const timer = setTimeout(end, hook.timeout * 1000);
  signal?.addEventListener("abort", end, { once: true });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  clearTimeout(timer);
  signal?.removeEventListener("abort", end);
  return { code: child.signalCode === null ? child.exitCode : null, stdout, stderr };
}

/** The JSON a hook answered with; null where it said something else or nothing. */
function answerOf(outcome: Outcome): Record<string, unknown> | null {
  if (outcome.code !== 0 || !outcome.stdout.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(outcome.stdout);
  } catch {
    return null;
  }
}

/** The part of an answer that speaks about this event. */
export function specificOf(outcome: Outcome): Record<string, unknown> {
  const specific = answerOf(outcome)?.hookSpecificOutput;
  return typeof specific === "object" && specific !== null ? (specific as Record<string, unknown>) : {};
}

/** Why an event was refused by a hook: exit code 2 or a `block` decision; null = it was not. */
export function refusalOf(outcome: Outcome): string | null {
  if (outcome.code === 2) return outcome.stderr.trim() || "no reason given";
  const answer = answerOf(outcome);
  return answer?.decision === "block" ? String(answer.reason ?? "no reason given") : null;
}
