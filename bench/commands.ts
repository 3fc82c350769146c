/** Runs a program to its end; milliseconds. */
export async function timed(argv: string[], env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const ran = Bun.spawn(argv, { env, stdin: "ignore", stdout: "ignore", stderr: "inherit" });
  const code = await ran.exited;
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}`);
  return performance.now() - began;
}

/** The least that any program of Bun takes. */
export const EMPTY_PROGRAM = [process.execPath, "-e", "0"];
