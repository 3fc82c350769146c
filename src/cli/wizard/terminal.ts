import { spawnSync } from "node:child_process";
import { isatty } from "node:tty";
import type { Call } from "../command.ts";
import { type Asker, askerOf } from "./asker.ts";

const INTERRUPTED = 130;

const echo = (isOn: boolean) => void spawnSync("stty", [isOn ? "echo" : "-echo"], { stdio: "inherit" });

/**
 * One line, read by a program of its own: a stream of ours on the terminal would go on reading after the answer, and swallow
 * the first keys of whatever is entered next (seen with Bun 1.4.4).
 */
async function readLine(signal: AbortSignal, isHidden: boolean): Promise<string | null> {
  const leave = () => {
    if (isHidden) echo(true);
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", leave);
  if (isHidden) echo(false);
  try {
    const reader = Bun.spawn(["head", "-n", "1"], { stdin: "inherit", stdout: "pipe", stderr: "ignore", signal });
    const text = await new Response(reader.stdout).text();
    await reader.exited;
    return text.endsWith("\n") ? text.slice(0, -1) : text || null;
  } finally {
    if (isHidden) {
      echo(true);
      process.stderr.write("\n");
    }
    process.off("SIGINT", leave);
  }
}

const clock = {
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((done, fail) => {
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        fail(signal.reason);
      });
    }),
};

/** The person at this terminal; null where nobody sits at one, or programs read what is printed. */
export function openAsker({ isTty, isJson }: Pick<Call, "isTty" | "isJson">): Asker | null {
  if (!isTty || isJson || !isatty(0)) return null;
  return askerOf({ read: readLine, write: (text) => void process.stderr.write(text), clock });
}
