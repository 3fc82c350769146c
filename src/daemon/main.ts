import { homeAt, homeFolder } from "../client/home.ts";
import type { Environment } from "../core/environment.ts";
import { REFUSALS, Refusal } from "../core/refusal.ts";
import { openDaemon } from "./daemon.ts";
import { serve } from "./http.ts";

/** The port that was asked for. Nothing else can be: no word or variable names another interface (security S11). */
function portOf(argv: string[]): number | undefined {
  if (argv.length === 0) return undefined;
  const [flag, value = ""] = argv;
  if (argv.length === 2 && flag === "--port" && /^\d{1,5}$/.test(value) && Number(value) < 65_536) return Number(value);
  throw new Refusal(
    "usage",
    `it takes --port NUMBER and nothing else, not ${argv.join(" ")}`,
    "it listens on 127.0.0.1 only",
  );
}

/** Runs the daemon until it is told to stop; agents live on. The result is the exit code. */
export async function runDaemon(argv: string[], env: Environment): Promise<number> {
  try {
    const port = portOf(argv);
    const daemon = await openDaemon(homeAt(homeFolder(env)), env);
    const stopping = Promise.withResolvers<boolean>();
    const server = await serve(daemon, { port, stop: stopping.resolve });
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => stopping.resolve(false));
    console.log(`muster daemon ${process.pid}: ${server.url}`);
    const withAgents = await stopping.promise;
    await server.stop();
    await daemon.stop(withAgents);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`muster: daemon: ${error.message}${error.hint ? `; ${error.hint}` : ""}`);
    return REFUSALS[error.code].exit;
  }
}
