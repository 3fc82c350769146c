import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** All places of one MUSTER_HOME; nothing else derives paths. */
export interface Home {
  folder: string;
  ledger: string;
  lock: string;
  dashboard: string;
  jobs: string;
  agents: string;
  letters: string;
  spool: string;
  token: string;
  endpoint: string;
  socket: string;
  daemonLog: string;
}

/** Unix sockets allow some 108 bytes; longer places move to a private runtime folder (NAMES, places). */
const SOCKET_LIMIT = 100;

function socketPath(folder: string): string {
  const path = join(folder, "daemon.sock");
  if (Buffer.byteLength(path) <= SOCKET_LIMIT) return path;
  const runtime = process.env.XDG_RUNTIME_DIR ?? join(tmpdir(), `muster-${process.getuid?.() ?? 0}`);
  return join(runtime, `${Bun.hash(folder).toString(36)}.sock`);
}

export const homeFolder = (env: Record<string, string | undefined>): string =>
  resolve(env.MUSTER_HOME ?? join(env.HOME ?? homedir(), ".muster"));

export function homeAt(folder: string): Home {
  return {
    folder,
    ledger: join(folder, "ledger.db"),
    lock: join(folder, "lock.db"),
    dashboard: join(folder, "dashboard.db"),
    jobs: join(folder, "jobs"),
    agents: join(folder, "agents"),
    letters: join(folder, "letters"),
    spool: join(folder, "spool"),
    token: join(folder, "token"),
    endpoint: join(folder, "endpoint.json"),
    socket: socketPath(folder),
    daemonLog: join(folder, "daemon.log"),
  };
}

/** Refuses a folder that somebody else made or that others may enter (security S19). */
function requirePrivate(folder: string): void {
  const found = lstatSync(folder);
  if (found.isSymbolicLink() || !found.isDirectory()) throw new Refusal("failed", `${folder} is not a folder of its own`);
  if (found.uid !== process.getuid?.()) throw new Refusal("failed", `${folder} belongs to another user`);
  if ((found.mode & 0o077) === 0) return;
  throw new Refusal("failed", `${folder} is open to other users`, `chmod 700 ${folder}`);
}

/** Creates what is missing, private from the first moment. */
export function prepareHome(home: Home): void {
  process.umask(0o077);
  if (existsSync(home.folder)) requirePrivate(home.folder);
  for (const folder of [home.folder, home.jobs, home.agents, home.letters, home.spool]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  mkdirSync(resolve(home.socket, ".."), { recursive: true, mode: 0o700 });
}

/** The person's token: 32 random bytes, made once, 0600. */
export function personToken(home: Home): string {
  if (existsSync(home.token)) return readFileSync(home.token, "utf8").trim();
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  writeFileSync(home.token, `${token}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(home.token, 0o600);
  return token;
}
