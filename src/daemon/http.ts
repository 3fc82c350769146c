import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "bun";
import { isListening } from "../client/connect.ts";
import type { Home } from "../client/home.ts";
import { Refusal } from "../core/refusal.ts";
import type { Agent } from "../core/state.ts";
import type { BoardOperations } from "../engine/boards/operations.ts";
import type { JobAccounts } from "../engine/jobs/accounts.ts";
import type { JobDesk } from "../engine/jobs/desk.ts";
import type { Sessions } from "../engine/jobs/sessions.ts";
import type { WorktreeDesk } from "../engine/jobs/worktrees.ts";
import type { Operations } from "../engine/operations.ts";
import type { Reactors } from "../engine/reactor.ts";
import type { ServerParts } from "../server/parts.ts";
import { createServer, type WebServer } from "../server/server.ts";
import type { Viewing } from "../server/terminal-socket.ts";
import { Tokens } from "../server/tokens.ts";
import { logSize, readRange } from "../tmux/byte-log.ts";
import { VERSION } from "../version.ts";
import type { ArmyWork } from "./army.ts";
import { attachArgv } from "./attach.ts";
import type { BridgeWork } from "./bridges.ts";
import { cliHomeOf } from "./cli-home.ts";
import { consoleOf } from "./console.ts";
import { dialogsOf } from "./dialogs.ts";
import type { ErrandWork } from "./errands.ts";
import type { HistoryWork } from "./history.ts";
import { personToken } from "./home.ts";
import { removePid } from "./home-files.ts";
import { pageIn } from "./page.ts";
import type { Parts } from "./parts.ts";
import { premisesOf } from "./premises.ts";
import type { PushWork } from "./push.ts";

/** What listens for a daemon. */
export interface Web {
  port: number;
  url: string;
  tokens: Tokens;
  routes: WebServer["routes"];
  /** Ends every open stream and socket; their readers come back. */
  cut(): void;
  stop(): Promise<void>;
}

export interface WebOptions {
  /** Exactly this one; absent = 3131 or the next free one. 0 = any. */
  port?: number;
  /** Somebody asked the daemon to end, with its agents or without. */
  stop(agents: boolean): void;
}

const PORT = 3131;
const PORTS_TRIED = 50;
/** Seconds in which a request's headers must come. */
const IDLE_S = 12;
/** Above our own limit, so that ours is what answers. */
const BODY_LIMIT = 2 * 1024 * 1024;
const PRIVATE_BODY_LIMIT = 8 * 1024 * 1024;

const isTaken = (error: unknown): boolean => (error as { code?: string } | null)?.code === "EADDRINUSE";

/** Written beside and renamed: a reader never sees half of it. */
function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
  renameSync(draft, path);
}

/** What the routes ask beside the daemon's parts. */
interface Served {
  operations: Operations;
  boards: BoardOperations;
  errands: ErrandWork;
  bridges: BridgeWork;
  push: Pick<PushWork, "desk">;
  army: ArmyWork;
  jobs: JobDesk;
  accounts: JobAccounts;
  history: HistoryWork;
  worktrees: WorktreeDesk;
  sessions: Sessions;
  reactors: Pick<Reactors, "doing">;
}

function partsOf(daemon: Parts & Served, tokens: Tokens, more: Pick<ServerParts, "address" | "shutdown">): ServerParts {
  const { home, engine, operations, log, clock, leases, terminals, bulk } = daemon;
  return {
    ...{ engine, operations, log, clock, leases, terminals, tokens, version: VERSION, home: home.folder },
    output: {
      pathOf: (agent: Agent) => join(home.jobs, `${agent.hire.agent}.log`),
      size: logSize,
      read: readRange,
    },
    premises: premisesOf(daemon),
    cliHome: cliHomeOf(daemon),
    console: consoleOf(daemon, daemon.errands.desk),
    dialogs: dialogsOf(daemon),
    errands: daemon.errands.desk,
    evidence: daemon.errands.evidence,
    ...{ lead: daemon.army.lead, queue: daemon.army.queue },
    bridges: daemon.bridges,
    push: daemon.push.desk,
    ...{ jobs: daemon.jobs, accounts: daemon.accounts, worktrees: daemon.worktrees, sessions: daemon.sessions },
    ...{ boards: daemon.boards, history: daemon.history, reactors: daemon.reactors },
    hooks: (filter) => bulk.hooks(filter),
    attachArgv: (name) => attachArgv(daemon, name),
    page: pageIn(join(home.folder, "web")),
    ...more,
  };
}

function tokensOf({ home, engine, clock }: Parts): Tokens {
  return new Tokens(personToken(home), {
    clock,
    save: (secret) => writePrivate(home.token, `${secret}\n`),
    isActive: (agent) => engine.state.agents[agent]?.dismissed === undefined && agent in engine.state.agents,
  });
}

const common = (server: WebServer) => ({
  development: false as const,
  maxRequestBodySize: BODY_LIMIT,
  websocket: server.websocket,
  error: server.error,
});

/** Loopback only: there is no way to name another interface. */
function listen(server: WebServer, wanted: number | undefined): Server<Viewing> {
  const at = (port: number) =>
    Bun.serve<Viewing>({
      ...common(server),
      hostname: "127.0.0.1",
      port,
      // `development: false` would share the port with whoever else asks for it (SO_REUSEPORT; seen in Bun 1.4.4).
      reusePort: false,
      idleTimeout: IDLE_S,
      fetch: (request, own) => server.fetch(request, own, "tcp"),
    });
  const first = wanted ?? PORT;
  for (let port = first; ; port++) {
    try {
      return at(port);
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (wanted !== undefined) throw new Refusal("failed", `port ${port} is taken`, "choose another with --port");
      if (port >= first + PORTS_TRIED) throw new Refusal("failed", `no free port from ${first} on`);
    }
  }
}

/**
 * A stream over the socket is silent for as long as nothing happens. `server.timeout` reaches only TCP (seen in Bun 1.4.4):
 * without this such a stream is cut every 12 s.
 */
const unhurried = <T extends object>(options: T): T => ({ ...options, idleTimeout: 0 });

/** What a daemon that was killed left in the socket's place goes; one that answers is another's. */
async function freeSocket({ socket }: Home): Promise<void> {
  if (!existsSync(socket)) return;
  if (await isListening(socket)) throw new Refusal("state", `another daemon answers on ${socket}`);
  rmSync(socket, { force: true });
}

/** The socket lies in a folder that only its owner may enter; that is who speaks over it. */
function listenPrivately(server: WebServer, home: Home, tcp: Server<Viewing>): Server<Viewing> {
  const fetch = (request: Request, it: Server<Viewing>) => server.fetch(request, it, "unix");
  try {
    const own = Bun.serve<Viewing>(
      unhurried({ ...common(server), maxRequestBodySize: PRIVATE_BODY_LIMIT, unix: home.socket, fetch }),
    );
    chmodSync(home.socket, 0o600);
    return own;
  } catch (error) {
    void tcp.stop(true);
    rmSync(home.endpoint, { force: true });
    throw error;
  }
}

/** Answers for this daemon on 127.0.0.1 and on its socket, and writes down where: before anybody can be answered over the socket. */
export async function serve(daemon: Parts & Served, options: WebOptions): Promise<Web> {
  const { home } = daemon;
  const tokens = tokensOf(daemon);
  let url = "";
  await freeSocket(home);
  const server = createServer(partsOf(daemon, tokens, { address: () => url, shutdown: options.stop }));
  const tcp = listen(server, options.port);
  const port = tcp.port ?? 0;
  url = `http://127.0.0.1:${port}`;
  writePrivate(home.endpoint, `${JSON.stringify({ pid: process.pid, port, url, version: VERSION })}\n`);
  writePrivate(home.pid, `${process.pid}\n`);
  const unix = listenPrivately(server, home, tcp);
  const stop = async () => {
    server.stop();
    await Promise.all([tcp.stop(true), unix.stop(true)]);
    for (const path of [home.socket, home.endpoint]) rmSync(path, { force: true });
    removePid(home);
  };
  return { port, url, tokens, routes: server.routes, cut: server.stop, stop };
}
