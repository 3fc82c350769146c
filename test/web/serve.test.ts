import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClient } from "../../src/client/client.ts";
import { type Home, homeAt } from "../../src/client/home.ts";
import { type Daemon, openDaemon } from "../../src/daemon/daemon.ts";
import { serve, type Web } from "../../src/daemon/http.ts";

let folder: string;
let home: Home;
let daemon: Daemon;
const open: { stop(): unknown }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-serve-"));
  home = homeAt(join(folder, "home"));
  daemon = await openDaemon(home, { PATH: process.env.PATH, HOME: folder });
});
afterEach(async () => {
  for (const it of open.splice(0)) await it.stop();
  await daemon.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

async function served(port?: number): Promise<Web> {
  const web = await serve(daemon, { port, stop: () => {} });
  open.push(web);
  return web;
}

/** A stranger's program on this port or socket. */
async function stranger(at: { port: number } | { path: string }): Promise<Server> {
  const it = createServer();
  await new Promise<void>((done) => it.listen("port" in at ? { ...at, host: "127.0.0.1" } : at, done));
  open.push({ stop: () => new Promise((done) => it.close(done)) });
  return it;
}

const portOf = (it: Server): number => (it.address() as { port: number }).port;

/** Addresses on which this process listens, by the kernel. */
function listening(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === "0A")
      .map(([, local = ""]) => local.split(":")[0] ?? ""),
  );
}

test("S11 A84 A-fault 13: the server listens on 127.0.0.1 alone, and its options name no other place", async () => {
  const { port } = await served(0);
  // Little-endian 127.0.0.1.
  expect(listening(port)).toEqual(["0100007F"]);
  // @ts-expect-error a host is not among the options
  const rest: Parameters<typeof serve>[1] = { port: 0, stop: () => {}, host: "0.0.0.0" };
  expect(rest.port).toBe(0);
});

test("A22 a port that was asked for and is taken is refused; nothing is left behind", async () => {
  const taken = portOf(await stranger({ port: 0 }));
  expect(served(taken)).rejects.toMatchObject({ code: "failed", message: `port ${taken} is taken` });
  expect(existsSync(home.socket)).toBe(false);
});

test("the usual port that is taken is left to who has it", async () => {
  const first = await served();
  expect(first.port).toBeGreaterThanOrEqual(3131);
  const second = homeAt(join(folder, "second"));
  const other = await openDaemon(second, { PATH: process.env.PATH, HOME: folder });
  const web = await serve(other, { stop: () => {} });
  expect(web.port).toBeGreaterThan(first.port);
  await web.stop();
  await other.stop(true);
});

test("a socket file whose daemon is gone is taken over; one that is answered is not", async () => {
  const gone = Bun.spawnSync([
    process.execPath,
    "-e",
    `Bun.listen({ unix: ${JSON.stringify(home.socket)}, socket: { data() {} } }); process.kill(process.pid, "SIGKILL")`,
  ]);
  expect(gone.signalCode).toBe("SIGKILL");
  expect(existsSync(home.socket)).toBe(true);
  const web = await served(0);
  const health = await openClient({ socket: home.socket }).get<{ pid: number }>("/api/health");
  expect(health.pid).toBe(process.pid);
  expect(serve(daemon, { port: 0, stop: () => {} })).rejects.toMatchObject({ code: "state" });
  await web.stop();
  open.splice(0);
  writeFileSync(home.socket, "not a socket");
  await served(0);
});

test("A22 where the daemon is stands in a private file, which goes with it", async () => {
  const web = await served(0);
  expect(JSON.parse(readFileSync(home.endpoint, "utf8"))).toMatchObject({
    port: web.port,
    url: web.url,
    pid: process.pid,
  });
  for (const path of [home.endpoint, home.token, home.socket]) expect(statSync(path).mode & 0o077).toBe(0);
  await web.stop();
  open.splice(0);
  for (const path of [home.endpoint, home.socket]) expect(existsSync(path)).toBe(false);
});

test("asking for the end is answered before it comes", async () => {
  const asked = Promise.withResolvers<boolean>();
  const web = await serve(daemon, { port: 0, stop: asked.resolve });
  open.push(web);
  expect(await openClient({ socket: home.socket }).post<object>("/api/shutdown", { agents: true })).toEqual({
    stopping: true,
  });
  expect(await asked.promise).toBe(true);
});

test("the page is built at its first request and kept as files, packed for whoever takes that", async () => {
  const web = await served(0);
  expect(existsSync(join(home.folder, "web"))).toBe(false);
  const page = await (await fetch(web.url)).text();
  expect(page).toMatch(/<style nonce="[A-Za-z0-9+/]{24}">/);
  for (const [name, type] of [
    ["main.js", "text/javascript"],
    ["main.css", "text/css"],
    ["icon.svg", "image/svg+xml"],
  ]) {
    const asset = await fetch(`${web.url}/assets/${name}`);
    expect([name, asset.status, asset.headers.get("content-type")]).toEqual([
      name,
      200,
      expect.stringContaining(type ?? ""),
    ]);
    const plain = await fetch(`${web.url}/assets/${name}`, { headers: { "accept-encoding": "identity" } });
    const packed = name === "icon.svg" ? null : "gzip";
    const how = [asset, plain].map(({ headers }) => headers.get("content-encoding"));
    expect([name, ...how]).toEqual([name, packed, null]);
    expect((await asset.text()) === (await plain.text())).toBe(true);
  }
});

test("the page's manifest and icons are given without a token, and each icon has the size it is said to have", async () => {
  const web = await served(0);
  const at = `${web.url}/assets/manifest.webmanifest`;
  const answer = await fetch(at);
  expect(answer.headers.get("content-type")).toStartWith("application/manifest+json");
  const manifest = (await answer.json()) as {
    icons: { src: string; sizes: string; type: string }[];
    start_url: string;
  };
  // A link into the app holds no login, and no place of this machine.
  expect(manifest.start_url).toBe("/");
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(["any", "192x192", "512x512", "512x512"]);
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await fetch(new URL(src, at));
    expect([src, icon.headers.get("content-type")]).toEqual([src, type]);
    if (type !== "image/png") continue;
    const header = Buffer.from(await icon.arrayBuffer());
    expect(header.subarray(1, 4).toString()).toBe("PNG");
    expect(`${header.readUInt32BE(16)}x${header.readUInt32BE(20)}`).toBe(sizes);
    expect(header.length).toBeLessThan(16 * 1024);
  }
});

test("what the page loads at once is at most 120 KB, packed; the terminal's program comes only with a terminal", async () => {
  const web = await served(0);
  const packed = new Map<string, number>();
  /** The files that one names by static imports, and theirs. */
  const load = async (name: string): Promise<void> => {
    if (packed.has(name)) return;
    const source = await (await fetch(`${web.url}/assets/${name}`)).text();
    packed.set(name, Bun.gzipSync(source).length);
    for (const [, next = ""] of source.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) await load(next);
    if (source.includes("xterm-helper-textarea")) throw new Error(`${name} holds the terminal`);
  };
  await load("main.js");
  expect(packed.size).toBeGreaterThan(1);
  const all = [...packed.values()].reduce((sum, size) => sum + size, 0);
  expect(all).toBeGreaterThan(10_000);
  expect(all).toBeLessThan(120 * 1024);
});
