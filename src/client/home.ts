import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

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
  /** Environments of agents, which may hold keys. */
  secrets: string;
  endpoint: string;
  socket: string;
  tmuxSocket: string;
  daemonLog: string;
}

/** Unix sockets allow some 108 bytes; longer places move to a private runtime folder. */
const SOCKET_LIMIT = 100;

function socketIn(folder: string, name: string): string {
  const inside = join(folder, name);
  if (Buffer.byteLength(inside) <= SOCKET_LIMIT) return inside;
  const digest = new Bun.CryptoHasher("sha256").update(folder).digest("hex").slice(0, 16);
  const place = `muster-${userInfo().uid}-${digest}`;
  const runtime = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), place, name);
  return Buffer.byteLength(runtime) <= SOCKET_LIMIT ? runtime : join("/tmp", place, name);
}

/** A variable that is set to nothing counts as not set: no home may appear wherever somebody stands. */
export const homeFolder = (env: Record<string, string | undefined>): string =>
  resolve(env.MUSTER_HOME || join(env.HOME || userInfo().homedir, ".muster"));

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
    secrets: join(folder, "secrets"),
    endpoint: join(folder, "endpoint.json"),
    socket: socketIn(folder, "daemon.sock"),
    tmuxSocket: socketIn(folder, "tmux.sock"),
    daemonLog: join(folder, "daemon.log"),
  };
}
