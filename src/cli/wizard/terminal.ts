import { spawnSync } from "node:child_process";
import { isatty } from "node:tty";
import type { Call } from "../command.ts";
import { type Asker, askerOf } from "./asker.ts";

const INTERRUPTED = 130;

const write = (text: string): void => void process.stderr.write(text);

const echo = (isOn: boolean) => void spawnSync("stty", [isOn ? "echo" : "-echo"], { stdio: "inherit" });

/**
 * One line, read by a program of its own: a stream of ours on the terminal would go on reading after the answer, and swallow
 * the first keys of whatever is entered next (seen with Bun 1.4.4).
 */
async function readLine(question: string, signal: AbortSignal, isHidden: boolean): Promise<string | null> {
  const leave = () => {
    if (isHidden) echo(true);
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", leave);
  // Before the question: whoever types at once would be seen.
  if (isHidden) echo(false);
  write(question);
  try {
    const reader = Bun.spawn(["head", "-n", "1"], { stdin: "inherit", stdout: "pipe", stderr: "ignore", signal });
    const text = await new Response(reader.stdout).text();
    await reader.exited;
    // Ctrl-C reaches the reader as well, and may be seen there first.
    if (reader.signalCode === "SIGINT") leave();
    return text.endsWith("\n") ? text.slice(0, -1) : text || null;
  } finally {
    if (isHidden) {
      echo(true);
      write("\n");
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
  return askerOf({ read: readLine, write, clock });
}
