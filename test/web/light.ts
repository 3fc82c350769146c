import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { observe } from "../../src/core/commands.ts";
import { configOf } from "../../src/core/config/state.ts";
import { DAEMON, midOf, PERSON } from "../../src/core/ids.ts";
import type { Key } from "../../src/core/ports.ts";
import { sha256, systemRandom } from "../../src/daemon/system.ts";
import { type Engine, openEngine } from "../../src/engine/engine.ts";
import { LeadDesk } from "../../src/engine/lead/operations.ts";
import { Leases } from "../../src/engine/leases.ts";
import { Operations } from "../../src/engine/operations.ts";
import { PushDesk } from "../../src/engine/push/desk.ts";
import type { PushWorld } from "../../src/engine/push/world.ts";
import { QueueDesk } from "../../src/engine/queue/desk.ts";
import { jobRule } from "../../src/engine/rules.ts";
import { CliHome } from "../../src/files/cli-home.ts";
import { WebPushLine } from "../../src/push/line.ts";
import type { ServerParts } from "../../src/server/parts.ts";
import type { Route } from "../../src/server/route.ts";
import { createServer, type WebServer } from "../../src/server/server.ts";
import { Tokens } from "../../src/server/tokens.ts";
import { openLog } from "../../src/store/log.ts";
import { ByteLogs, logSize, readRange } from "../../src/tmux/byte-log.ts";
import { historyParts } from "../fakes/history-parts.ts";
import { jobParts, nothing } from "../fakes/job-parts.ts";

export const SECRET = "the-token-of-the-person-0123456789abcdefghi";

/** The server with a real engine and log, byte logs in files, and terminals that only record what is pressed. */
export interface Light {
  url: string;
  host: string;
  port: number;
  socket: string;
  server: WebServer;
  parts: ServerParts;
  engine: Engine;
  tokens: Tokens;
  leases: Leases;
  /** Keys that reached a terminal, by pane. */
  pressed: { pane: string; keys: Key[] }[];
  /** Settings that were to be written, by repository. */
  wrote: Parameters<ServerParts["premises"]["write"]>[];
  /** Every secret that was kept by a rotation. */
  saved: string[];
  clock: { skip(ms: number): void };
  /** Hires an agent whose terminal is open. */
  hire(agent: string, more?: { team?: string; seat?: string }): void;
  /** An agent's program prints. */
  print(agent: string, text: string | Uint8Array): void;
  bearer(token?: string): Record<string, string>;
  json(token?: string): Record<string, string>;
  stop(): Promise<void>;
}

function clockOf() {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    monotonic: () => performance.now() + skipped,
    sleep: () => Promise.resolve(),
    skip: (ms: number) => {
      skipped += ms;
    },
  };
}

function operationsOf(engine: Engine, clock: ReturnType<typeof clockOf>): Operations {
  const random = { hex: (digits: number) => crypto.randomUUID().replaceAll("-", "").slice(0, digits) };
  return new Operations({
    engine,
    clock,
    random,
    driver: (name) => ({ driver: name }),
    budgetUnits: (driver) => (driver === "raw" ? [] : ["usd"]),
    login: () => undefined,
    requireProgram: () => {},
    folder: async (path) => path,
    review: async () => ({ hash: "", files: [] }),
    brief: async () => "",
    openMailbox: async () => {},
    settings: async () => ({ hash: "0", changes: {}, problems: [] }),
    writeRules: async () => {},
    residual: async () => ({}),
    openWorktree: async (repo, agent) => ({ repo, path: `${repo}/w`, branch: agent, base: "0" }),
    keepEnvironment: () => {},
  });
}

/** No message of it leaves. */
function pushOf(engine: Engine, clock: ReturnType<typeof clockOf>, path: string): PushDesk {
  const post = async () => ({ status: 201, retryAfter: null });
  const line = new WebPushLine({ path, clock, hosts: () => configOf(engine.state).pushHosts, post });
  const dispatch: PushWorld["dispatch"] = (command, by) => void engine.dispatch(command, by);
  return new PushDesk({ clock, line, dispatch, sha256, random: systemRandom, state: () => engine.state });
}

export function openLight(more: Partial<ServerParts> = {}): Light {
  const folder = mkdtempSync(join(tmpdir(), "muster-web-"));
  const jobs = join(folder, "jobs");
  mkdirSync(jobs);
  const logs = new ByteLogs(jobs);
  const clock = clockOf();
  const log = openLog(join(folder, "ledger.db"));
  const engine = openEngine({ log, clock, rules: [jobRule] });
  const leases = new Leases();
  const pressed: Light["pressed"] = [];
  const wrote: Light["wrote"] = [];
  const saved: string[] = [];
  let secret = SECRET;
  const save = (text: string) => {
    secret = text;
    saved.push(text);
  };
  const tokens = new Tokens(SECRET, {
    clock,
    save,
    isActive: (id) => engine.state.agents[id]?.dismissed === undefined,
  });
  const size = { cols: 80, rows: 24 };
  const operations = operationsOf(engine, clock);
  const past = historyParts(engine, log, clock);
  const parts: ServerParts = {
    ...{ engine, log, clock, leases, tokens, version: "1.2.3", home: folder, operations },
    cliHome: new CliHome(join(folder, "claude"), "~/.claude", join(folder, "home")),
    ...jobParts(engine, operations, clock),
    history: past.history,
    ...{ reactors: { doing: () => [] }, dialogs: { look: nothing, press: nothing } },
    terminals: {
      screen: async () => ({ ansi: [], plain: ["shown"], cursor: { x: 0, y: 0 }, title: "", ...size, unread: 0 }),
      history: async (_, lines) => Array.from({ length: lines }, (_, n) => `line ${n}`),
      watch: (path, offset, signal) => logs.watch(path, offset, signal),
      press: async (pane, keys) => void pressed.push({ pane, keys }),
      resize: async (_, cols, rows) => void Object.assign(size, { cols, rows }),
    },
    queue: new QueueDesk({ engine, operations, keepEnvironment: () => {}, environmentOf: () => ({}) }),
    lead: new LeadDesk({ engine, operations }),
    output: { pathOf: ({ hire }) => join(jobs, `${hire.agent}.log`), size: logSize, read: readRange },
    boards: {
      view: async (repo) => ({
        ...{ repo, folder: "docs/por", team: null, por: null, sheets: [], tasks: [], errors: [], scope: null },
        ...{ turns: [], at: 1 },
      }),
      text: nothing,
      init: async () => ({ path: "", changed: [], todo: [], isNew: false }),
      sync: async () => ({ path: "", changed: [], todo: [], isNew: false }),
      newSheet: async () => ({ id: "T000001", path: "" }),
    },
    errands: { askFor: async (team = "pair", prompt) => ({ team, lines: [`asked ${prompt}`] }) },
    bridges: {
      desk: { pair: () => ({ code: "ABCD1234", right: "talk", until: 600_000 }) },
      roster: { rows: async () => [], start: async () => "started", stop: () => "stopped" },
    },
    push: pushOf(engine, clock, join(folder, "push.json")),
    evidence: {
      run: async ({ card: { title, kind } }) => ({ title, kind, isPassed: true, log: "x.log", checks: [] }),
    },
    console: { execute: async ({ line }) => ({ lines: [`heard ${line}`], tone: "plain" as const }) },
    premises: {
      look: async (repo) => ({
        ...{ repo, saved: [], isPermitted: false, residual: {}, hasBrief: true, hasBoard: true, drivers: [] },
        settings: { hash: "", changes: {}, problems: [] },
      }),
      write: async (...written) => void wrote.push(written),
      upgrade: async () => [],
      reset: async () => ({ purged: [], archived: [] }),
    },
    hooks: () => [{ id: 1, at: 1, agent: "a1b2c3d4", event: "Stop", tool: null, payload: "{}" }],
    attachArgv: async () => ["tmux", "attach"],
    page: async () => ({
      shell: (nonce) => `<!doctype html><style nonce="${nonce}"></style>`,
      asset: (name) => (name === "main.js" ? new Blob(["1"], { type: "text/javascript" }) : undefined),
    }),
    shutdown: () => {},
    address: () => url,
    ...more,
  };
  const server = createServer(parts);
  const common = {
    development: false as const,
    maxRequestBodySize: 2 * 1024 * 1024,
    websocket: server.websocket,
    error: server.error,
  };
  const tcp = Bun.serve({
    ...common,
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 12,
    fetch: (request, own) => server.fetch(request, own, "tcp"),
  });
  const socket = join(folder, "daemon.sock");
  const unix = Bun.serve({ ...common, unix: socket, fetch: (request, own) => server.fetch(request, own, "unix") });
  const port = tcp.port ?? 0;
  const url = `http://127.0.0.1:${port}`;
  let panes = 0;
  const bearer = (token = secret) => ({ authorization: `Bearer ${token}` });
  return {
    ...{ url, port, host: `127.0.0.1:${port}`, socket, server, parts },
    ...{ engine, tokens, leases, pressed, wrote, saved, clock },
    hire(agent, { team, seat } = {}) {
      const hire = { agent, driver: "standin", cwd: "/r", permission: "workspace-write" as const, team, seat };
      const job = { id: agent, mid: midOf(clock.now(), agent.slice(0, 6)), prompt: `work of ${agent}` };
      engine.dispatch({ do: "start", hire, job: team ? undefined : job }, PERSON);
      const pane = `%${++panes}`;
      engine.dispatch(observe({ type: "terminal.opening", agent, incarnation: 1 }), DAEMON);
      const log = `${agent}.log`;
      engine.dispatch(observe({ type: "terminal.opened", agent, incarnation: 1, pane, pid: 1, log }), DAEMON);
    },
    print: (agent, text) => appendFileSync(join(jobs, `${agent}.log`), text),
    bearer,
    json: (token) => ({ ...bearer(token), "content-type": "application/json" }),
    async stop() {
      server.stop();
      past.end();
      await Promise.all([tcp.stop(true), unix.stop(true)]);
      logs.stop();
      log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends bytes as they are and gives back what the server answers until it closes, or until `enough` is there. */
export async function raw(port: number, text: string, enough = "\r\n\r\n"): Promise<string> {
  const answer = Promise.withResolvers<string>();
  let got = "";
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_, bytes) {
        got += bytes.toString("latin1");
        if (got.includes(enough)) answer.resolve(got);
      },
      close: () => answer.resolve(got),
      error: (_, error) => answer.reject(error),
    },
  });
  socket.write(text);
  const given = await answer.promise;
  socket.end();
  return given;
}

/** Exchanges a login code for a page's token. */
export const exchange = (light: Light, code: string, path = "/auth/exchange"): Promise<Response> =>
  fetch(light.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });

/** A fresh login code, made over the unix socket. */
export async function loginCode(light: Light): Promise<string> {
  const order = { method: "POST", headers: { "content-type": "application/json" }, body: "{}", unix: light.socket };
  const { url } = (await (await fetch("http://muster/api/login", order)).json()) as { url: string };
  const [place, code = ""] = url.split("#code=");
  if (place !== `${light.url}/`) throw new Error(`not our page: ${url}`);
  return code;
}

/** Opens an agent's terminal, or another socket, and gives the code by which it is closed. */
export function closing(
  light: Light,
  agent: string,
  send: (socket: WebSocket) => void,
  token = SECRET,
  path = `/api/terminal/${agent}`,
): Promise<number> {
  const socket = new WebSocket(`ws://${light.host}${path}`, ["muster.v1", `bearer.${token}`]);
  socket.onopen = () => send(socket);
  return new Promise((done) => {
    socket.onclose = (event) => done(event.code);
  });
}

/** The path of a route with ids that exist. */
export const pathOf = (route: Route, agent: string): string =>
  route.path.replace(":id", agent).replace(":mid", "muster-1-a").replace(":name", "demo");

/** Calls a route as its method asks for; a body is empty JSON. */
export function called(
  light: Light,
  { method, path }: Pick<Route, "method" | "path">,
  headers: Record<string, string>,
  at = path,
): Promise<Response> {
  const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==" };
  const socket = method === "WS" ? { ...upgrade, "sec-websocket-version": "13" } : {};
  const isPost = method === "POST";
  const type: Record<string, string> =
    isPost || method === "DELETE" || method === "PATCH" ? { "content-type": "application/json" } : {};
  return fetch(light.url + at, {
    method: method === "WS" ? "GET" : method,
    headers: { ...type, ...socket, ...headers },
    body: isPost ? "{}" : undefined,
  });
}
