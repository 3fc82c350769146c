import type { Environment } from "../core/environment.ts";

/** All places of one MUSTER_HOME; nothing else derives paths. */
export interface Home {
  folder: string;
  ledger: string;
  lock: string;
  dashboard: string;
  /** Hook events as JSON lines. */
  events: string;
  jobs: string;
  agents: string;
  letters: string;
  spool: string;
  token: string;
  /** Environments of agents, which may hold keys. */
  secrets: string;
  /** Keys of pushes, and where devices are told. */
  push: string;
  endpoint: string;
  socket: string;
  tmuxSocket: string;
  daemonLog: string;
  /** Starts to be used again. */
  templates: string;
  /** What holds for everything of this home. */
  config: string;
  /** What models cost. */
  prices: string;
  /** Of the process that listens; believed by nobody (a stranger may have it). */
  pid: string;
  prefs: string;
}

/** Unix sockets allow some 108 bytes; longer places move to a private runtime folder. */
const SOCKET_LIMIT = 100;

function socketIn(folder: string, name: string): string {
  const inside = `${folder}/${name}`;
  if (Buffer.byteLength(inside) <= SOCKET_LIMIT) return inside;
  const digest = new Bun.CryptoHasher("sha256").update(folder).digest("hex").slice(0, 16);
  const place = `muster-${process.getuid?.() ?? 0}-${digest}`;
  const { XDG_RUNTIME_DIR, TMPDIR } = process.env;
  const runtime = `${XDG_RUNTIME_DIR || TMPDIR || "/tmp"}/${place}/${name}`;
  return Buffer.byteLength(runtime) <= SOCKET_LIMIT ? runtime : `/tmp/${place}/${name}`;
}

/** Asked for only where nobody said it: node:os takes a millisecond to load. */
const ownHome = (): string => (require("node:os") as typeof import("node:os")).userInfo().homedir;

/** What node:path's normalize says of an absolute path; that module takes longer to load than a request. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** A variable that is set to nothing counts as not set: no home may appear wherever somebody stands. */
export function homeFolder(env: Environment): string {
  const named = env.MUSTER_HOME || `${env.HOME || ownHome()}/.muster`;
  return normalized(named.startsWith("/") ? named : `${process.cwd()}/${named}`);
}

/** Where the tokens of a repository are kept; named by its folder, and different for two of the same name. */
export function secretsOf({ secrets }: Home, repo: string): string {
  const name =
    repo
      .split("/")
      .at(-1)
      ?.replaceAll(/[^A-Za-z0-9._-]+/g, "-") || "repository";
  const digest = new Bun.CryptoHasher("sha256").update(repo).digest("hex").slice(0, 8);
  return `${secrets}/${name}-${digest}.yaml`;
}

export function homeAt(folder: string): Home {
  const inside = (name: string) => `${folder}/${name}`;
  return {
    folder,
    ledger: inside("ledger.db"),
    lock: inside("lock.db"),
    dashboard: inside("dashboard.db"),
    events: inside("events.jsonl"),
    jobs: inside("jobs"),
    agents: inside("agents"),
    letters: inside("letters"),
    spool: inside("spool"),
    token: inside("token"),
    secrets: inside("secrets"),
    push: inside("push.json"),
    endpoint: inside("endpoint.json"),
    socket: socketIn(folder, "daemon.sock"),
    tmuxSocket: socketIn(folder, "tmux.sock"),
    daemonLog: inside("daemon.log"),
    templates: inside("templates"),
    config: inside("config.yaml"),
    prices: inside("prices.json"),
    pid: inside("dashboard.pid"),
    prefs: inside("daemon-prefs.json"),
  };
}
