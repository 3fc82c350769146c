import type { Environment } from "../core/environment.ts";
import { Refusal } from "../core/refusal.ts";
import { VERSION } from "../version.ts";
import { type Client, openClient } from "./client.ts";
import type { Home } from "./home.ts";

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 10;

/** Does somebody answer on this socket? By Bun's own connect: node:net takes 4 ms to load, more than the rest of a command. */
export const isListening = (socket: string): Promise<boolean> =>
  new Promise((done) => {
    const open = (line: { terminate(): void }) => {
      line.terminate();
      done(true);
    };
    Bun.connect({ unix: socket, socket: { open, data() {} } }).catch(() => done(false));
  });

/** Says so when another version answers than the one that asks; both understand each other as far as they can. */
async function compareVersions(home: Home): Promise<void> {
  // Without the file the daemon has just started, or is about to end.
  const told = (await Bun.file(home.endpoint)
    .json()
    .catch(() => ({}))) as { version?: string };
  const theirs = told.version;
  if (theirs === undefined || theirs === VERSION) return;
  console.error(
    `muster: the daemon has version ${theirs}, this is ${VERSION}; muster stop --daemon ends it, agents live on`,
  );
}

/**
 * A client of the home's daemon, which is started when nobody answers. Every command loads this file: of Node's modules, some
 * of which take 1 to 3 ms to load (Bun 1.4.4), only what starts a daemon needs any.
 */
export async function connect(home: Home, env: Environment, args: string[] = []): Promise<Client> {
  // In an agent's terminal the daemon hears the agent, not the person.
  const client = () => openClient({ socket: home.socket, token: env.MUSTER_TOKEN });
  if (await isListening(home.socket)) {
    await compareVersions(home);
    return client();
  }
  const { startDaemon } = await import("./launch.ts");
  const main = `${import.meta.dir}/../main.ts`;
  const daemon = startDaemon(home, env, main, args);
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await isListening(home.socket)) return client();
    // 73: another command started one in the same moment; its socket will answer.
    const code = daemon.ended();
    if (code !== null && code !== 73) break;
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
  throw new Refusal("unreachable", "the daemon did not start", `its words are in ${home.daemonLog}`);
}
