import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, isListening } from "../../src/client/connect.ts";
import type { Health } from "../../src/core/api.ts";
import { agentOf, arrivals, isDelivered, muster, readyAgent, tmux } from "./look.ts";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

function spawn(world: World, ...args: string[]) {
  const env = { ...world.env(), MUSTER_HOME: world.home.folder };
  return Bun.spawn([process.execPath, "--no-install", MAIN, "daemon", ...args], {
    ...{ env, cwd: world.folder, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  });
}

/** Has the kernel a closed connection of this port that it keeps for a while (states FIN_WAIT1, FIN_WAIT2, TIME_WAIT)? */
const lingers = (port: number): boolean =>
  readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .some(
      ([, local = "", , state = ""]) =>
        Number.parseInt(local.split(":")[1] ?? "", 16) === port && /^0[456]$/.test(state),
    );

const endpoint = (world: World): { pid: number; port: number; url: string } | false =>
  existsSync(world.home.endpoint) && JSON.parse(readFileSync(world.home.endpoint, "utf8"));

test("F3 of twenty daemons at once exactly one serves; the others say who and where, and end with 73", async () => {
  const world = new World();
  const children = Array.from({ length: 20 }, () => spawn(world, "--port", "0"));
  try {
    let living = children;
    await until("one is left, and answers", async () => {
      living = children.filter((child) => child.exitCode === null);
      return living.length <= 1 && (await isListening(world.home.socket));
    });
    const [winner] = living;
    expect((await world.client.get<Health>("/api/health")).pid).toBe(winner?.pid ?? 0);
    const { url } = await until("the endpoint is written", () => endpoint(world));
    const said = `muster: daemon: another daemon runs on ${world.home.folder}: process ${winner?.pid}, ${url}; any command speaks to it\n`;
    for (const loser of children.filter((child) => child !== winner)) {
      expect([loser.exitCode, loser.signalCode]).toEqual([73, null]);
      expect(await new Response(loser.stderr as ReadableStream).text()).toBe(said);
    }
    winner?.kill("SIGKILL");
    await winner?.exited;
    await world.boot();
    expect((await world.client.get<Health>("/api/health")).pid).toBe(world.pid);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await world.end();
  }
}, 40_000);

test("a daemon that is told to end leaves with 0, its socket and its tmux client go, and its agents live on", async () => {
  const world = new World();
  try {
    let child = spawn(world, "--port", "0");
    await until("it answers", () => isListening(world.home.socket));
    const agent = await readyAgent(world);
    const before = await agentOf(world, agent);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      child.kill(signal);
      expect(await child.exited).toBe(0);
      expect(await new Response(child.stderr as ReadableStream).text()).toBe("");
      expect([existsSync(world.home.socket), existsSync(world.home.endpoint)]).toEqual([false, false]);
      expect((await tmux(world, "list-clients")).out).toBe("");
      child = spawn(world, "--port", "0");
      await until("the next one answers", () => isListening(world.home.socket));
      const { pid, pane, incarnation } = await agentOf(world, agent);
      expect({ pid, pane, incarnation }).toEqual({ pid: before.pid, pane: before.pane, incarnation: 1 });
    }
    world.pid = child.pid;
    const mid = await world.send(agent, "SAY: after all that");
    await isDelivered(world, mid);
    expect(await arrivals(world, agent, [mid])).toEqual([1]);
  } finally {
    await world.end();
  }
}, 40_000);

test("A-fault 18 a process that is no daemon of ours is never touched, whatever the endpoint file says", async () => {
  const world = new World();
  const foreign = Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] });
  const lie = JSON.stringify({ pid: foreign.pid, port: 1, url: "http://127.0.0.1:1" });
  try {
    mkdirSync(world.home.folder, { recursive: true, mode: 0o700 });
    writeFileSync(world.home.endpoint, lie);
    expect(await muster(world, "stop", "--daemon")).toMatchObject({
      code: 0,
      out: "no daemon is running; agents live on\n",
    });
    await world.boot();
    expect(endpoint(world)).toMatchObject({ pid: world.pid });
    writeFileSync(world.home.endpoint, lie);
    expect(await muster(world, "stop", "--daemon")).toMatchObject({
      code: 0,
      out: "the daemon has ended; agents live on\n",
    });
    await until("the daemon is gone", () => !world.isUp());
    expect([foreign.exitCode, foreign.signalCode]).toEqual([null, null]);
    process.kill(foreign.pid, 0);
  } finally {
    foreign.kill("SIGKILL");
    await world.end();
  }
}, 30_000);

test("A-fault 22 the daemon answers whoever asks while it starts ten agents", async () => {
  const world = new World();
  try {
    await world.boot();
    const starts = Array.from({ length: 10 }, (_, n) => world.start(`SAY: ${n}`));
    let answered = 0;
    const isOver = async () => Object.values((await world.state()).agents).filter(({ pid }) => pid).length === 10;
    do {
      await world.client.get<Health>("/api/health");
      answered += 1;
    } while (!(await isOver()));
    // The first one may come before any start; the last one of several does not.
    expect(answered).toBeGreaterThan(1);
    await Promise.all(starts);
  } finally {
    await world.end();
  }
}, 30_000);

test("F4 a stranger on the default port leaves us the next free one, in a private file and in print", async () => {
  const world = new World();
  const stranger = (() => {
    try {
      return Bun.serve({ hostname: "127.0.0.1", port: 3131, fetch: () => new Response("a stranger") });
    } catch {
      return null; // Somebody else's program is there already: as good.
    }
  })();
  try {
    await world.boot({}, []);
    const { pid, port, url } = await until("the endpoint is written", () => endpoint(world));
    expect(pid).toBe(world.pid);
    expect(port).toBeGreaterThan(3131);
    expect(port).toBeLessThan(3131 + 60);
    expect(statSync(world.home.endpoint).mode & 0o777).toBe(0o600);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await until("it is printed", () => readFileSync(world.home.daemonLog, "utf8").includes(`${pid}: ${url}`));
    if (stranger) expect(await (await fetch("http://127.0.0.1:3131/")).text()).toBe("a stranger");
  } finally {
    await stranger?.stop(true);
    await world.end();
  }
}, 40_000);

test("F4 a port that was asked for and is taken ends the daemon with 1 and one line", async () => {
  const world = new World();
  const stranger = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("a stranger") });
  try {
    const child = spawn(world, "--port", String(stranger.port));
    expect(await child.exited).toBe(1);
    const words = await new Response(child.stderr as ReadableStream).text();
    expect(words).toBe(`muster: daemon: port ${stranger.port} is taken; choose another with --port\n`);
    expect(await isListening(world.home.socket)).toBe(false);
  } finally {
    await stranger.stop(true);
    await world.end();
  }
}, 40_000);

test("F4 a port with connections of a killed daemon (TIME_WAIT) is taken again by the next one", async () => {
  const world = new World();
  try {
    await world.boot();
    const { port } = await until("the endpoint is written", () => endpoint(world));
    // The daemon closes first, so that the port's end of the connection is the one that lingers.
    const answered = Promise.withResolvers<void>();
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data: () => answered.resolve() } });
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await answered.promise;
    await world.kill();
    await until("the kernel lets the connection linger", () => lingers(port));
    await world.boot({}, ["--port", String(port)]);
    expect((await until("the endpoint is written", () => endpoint(world))).port).toBe(port);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  } finally {
    await world.end();
  }
}, 40_000);

test("F4 whoever connects second finds the daemon that runs", async () => {
  const world = new World();
  try {
    await world.boot();
    const clients = await Promise.all([connect(world.home, world.env()), connect(world.home, world.env())]);
    for (const client of clients) expect((await client.get<Health>("/api/health")).pid).toBe(world.pid);
  } finally {
    await world.end();
  }
}, 40_000);
