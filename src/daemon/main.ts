import { homeAt, homeFolder } from "../client/home.ts";
import type { Environment } from "../core/environment.ts";
import { REFUSALS, Refusal } from "../core/refusal.ts";
import { openDaemon } from "./daemon.ts";
import { serve } from "./http.ts";

/** Runs the daemon until it is told to stop; agents live on. The result is the exit code. */
export async function runDaemon(argv: string[], env: Environment): Promise<number> {
  try {
    const daemon = await openDaemon(homeAt(homeFolder(env)), env);
    const port = Number(argv[argv.indexOf("--port") + 1]);
    const stopping = Promise.withResolvers<boolean>();
    const server = await serve(daemon, { port: argv.includes("--port") ? port : undefined, stop: stopping.resolve });
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
