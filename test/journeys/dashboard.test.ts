import { afterAll, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { isListening } from "../../src/client/connect.ts";
import { muster } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
afterAll(() => world.end());

/** A port that nobody has just now. */
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
const stopped = () => until("nobody answers", async () => !(await isListening(world.home.socket)));

test("A22 dashboard --port starts the daemon with its page there, finds it there again, and moves no running one", async () => {
  const port = await freePort();
  const first = await muster(world, "dashboard", "--port", String(port));
  expect(first.out).toStartWith(`http://127.0.0.1:${port}/#code=`);
  expect((await muster(world, "dashboard", "--port", String(port), "--json")).code).toBe(0);
  const other = await muster(world, "dashboard", "--port", "65000");
  expect([other.code, other.err]).toEqual([
    73,
    `muster: dashboard: the page is at http://127.0.0.1:${port}; muster dashboard-stop, then muster dashboard --port 65000; agents live on\n`,
  ]);
  expect((await muster(world, "dashboard-stop")).out).toBe("the daemon has ended; agents live on\n");
  await stopped();
  expect((await muster(world, "dashboard-stop")).out).toBe("no daemon is running; agents live on\n");
}, 20_000);

test("A22 a port that is taken is refused with who has it and the next that is free; no daemon is left", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as { port: number };
  const refused = await muster(world, "dashboard", "--port", String(port));
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    new RegExp(`port ${port} is taken by \\S.*, process ${process.pid}; --port \\d+ is free`),
  );
  expect(await isListening(world.home.socket)).toBe(false);
  server.close();
  for (const wrong of ["0", "65536", "x", "3131.5"])
    expect([wrong, (await muster(world, "dashboard", "--port", wrong)).code]).toEqual([wrong, 64]);
}, 20_000);

test("A22 A-fault 18: a file with the id of a stranger's process ends nobody, and is left as it is", async () => {
  const stranger = Bun.spawn(["sleep", "600"]);
  try {
    await muster(world, "jobs");
    const path = join(world.home.folder, "dashboard.pid");
    writeFileSync(path, `${stranger.pid}\n`);
    expect((await muster(world, "dashboard-stop")).code).toBe(0);
    await stopped();
    expect((await muster(world, "dashboard-stop")).code).toBe(0);
    expect((await muster(world, "stop", "--daemon")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(`${stranger.pid}\n`);
    expect(stranger.exitCode).toBeNull();
    process.kill(stranger.pid, 0);
  } finally {
    stranger.kill();
  }
}, 20_000);
