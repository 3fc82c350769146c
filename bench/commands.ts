/** Runs a program to its end; milliseconds. It writes into a pipe, as for a script or an agent. */
export async function timed(argv: string[], env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const ran = Bun.spawn(argv, { env, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const [code] = await Promise.all([ran.exited, new Response(ran.stdout).text()]);
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}`);
  return performance.now() - began;
}

/** The least that any program of Bun takes. */
export const EMPTY_PROGRAM = [process.execPath, "-e", "0"];
