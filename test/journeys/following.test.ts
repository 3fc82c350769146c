import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isIdle, muster, readyAgent } from "./look.ts";
import { type Desk, openDesk } from "./seat.ts";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();
let desk: Desk;

beforeAll(async () => {
  await world.boot();
  desk = openDesk(world, world.folder, 100, 20);
});
afterAll(async () => {
  desk.end();
  await world.end();
});

/** A command that runs on until it is told to stop. */
function following(...args: string[]) {
  const child = Bun.spawn([process.execPath, "--no-install", MAIN, ...args], {
    env: { ...world.env(), MUSTER_HOME: world.home.folder },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let out = "";
  const reading = (async () => {
    for await (const bytes of child.stdout) out += new TextDecoder().decode(bytes);
  })();
  return { child, said: () => out, reading };
}

test("watch of a job that has ended says so and returns, with 1 when it failed", async () => {
  const done = await readyAgent(world, "SAY: finished");
  expect(await muster(world, "watch", done)).toMatchObject({ code: 0, out: "" });
  const crashed = await world.start("CRASH: 3");
  await until("it has failed", async () => (await world.state()).jobs[crashed]?.outcome === "failed");
  const ran = await muster(world, "watch", crashed, "--json");
  expect(JSON.parse(ran.out)).toEqual({ job: crashed, status: "failed", reason: "exit code 3", summary: "" });
  expect(ran.code).toBe(1);
}, 20_000);

test("watch prints what a job prints to its last byte, and ends with it", async () => {
  const agent = await world.start("DELAY: 300\nSAY: the very end");
  const ran = await muster(world, "watch", agent);
  expect(ran.out).toContain("the very end");
  expect(ran.code).toBe(0);
  const again = await muster(world, "output", agent, "--json");
  const lines = again.out.trimEnd().split("\n");
  const pieces = lines.map((line) => JSON.parse(line) as { offset: number; text: string });
  expect(pieces[0]?.offset).toBe(0);
  expect(pieces.map(({ text }) => text).join("")).toContain("the very end");
}, 20_000);

test("watch goes on with the next daemon when one is killed", async () => {
  const agent = await world.start("DELAY: 2500\nSAY: after the kill");
  const { child, said, reading } = following("watch", agent);
  await until("it prints", () => said().length > 0);
  await world.kill();
  await world.boot();
  expect(await child.exited).toBe(0);
  await reading;
  expect(said()).toContain("after the kill");
}, 20_000);

for (const args of [["watch"], ["ledger", "--follow", "--about"]]) {
  test(`Ctrl-C ends muster ${args[0]} with 130 although its agent works on`, async () => {
    const agent = await world.start("DELAY: 60000");
    const { child, said } = following(...args, agent);
    await until("it prints", () => said().length > 0);
    child.kill("SIGINT");
    await child.exited;
    expect(child.exitCode ?? (child.signalCode === "SIGINT" ? 130 : child.signalCode)).toBe(130);
    expect((await world.state()).agents[agent]?.dismissed).toBeUndefined();
    await muster(world, "kill", agent);
  }, 20_000);
}

test("on a terminal watch shows the agent's screen, and Ctrl-C leaves everything as it was", async () => {
  const agent = await world.start("DELAY: 60000");
  desk.type("echo standing before");
  desk.muster("watch", agent);
  await until("its screen is drawn", () => /Stand-in.*Working.*Ctrl-C leaves/s.test(desk.screen()));
  expect(desk.screen()).not.toContain("standing before");
  desk.press("C-c");
  desk.type("echo left with $?");
  const screen = await until("the shell is back", () => desk.screen().includes("left with 130") && desk.screen());
  expect(screen).toContain("standing before");
  expect(screen).not.toContain("Ctrl-C leaves");
  await muster(world, "kill", agent);
}, 20_000);

test("a ledger that is followed misses nothing between its past and its stream, and keeps to its subject", async () => {
  const agent = await readyAgent(world);
  const other = await readyAgent(world);
  const { child, said, reading } = following("ledger", "--follow", "--json", "--about", agent);
  await muster(world, "send", agent, "SAY: one", "--wait");
  await muster(world, "send", other, "SAY: two", "--wait");
  await isIdle(world, agent);
  const last = async () => (await world.client.get<{ facts: { seq: number }[] }>(`/api/ledger?about=${agent}`)).facts;
  const seqs = await until("all of them are printed", async () => {
    const all = (await last()).map(({ seq }) => seq);
    const lines = said().trimEnd().split("\n");
    return lines.length >= all.length && all;
  });
  child.kill();
  await reading;
  const printed = said()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { seq: number; agent?: string });
  expect(printed.map(({ seq }) => seq)).toEqual(seqs);
}, 20_000);

test("an answer says whether the dialog took it", async () => {
  const agent = await world.start("ASK: Bash touch asked.txt");
  await until("it asks", async () => (await world.state()).agents[agent]?.question !== undefined);
  expect((await muster(world, "jobs")).out).toContain(`${agent} needs you: muster answer ${agent} allow|deny`);
  expect((await muster(world, "answer", agent, "allow")).out).toBe(`allow: ${agent} has the answer\n`);
  const again = await muster(world, "answer", agent, "allow");
  expect(again.err).toContain("asks nothing");
  expect(again.code).toBe(73);
}, 20_000);

test("a dialog is shown by answer, with the command of each choice; one key answers it while it is the same", async () => {
  const agent = await world.start("ASK: Bash touch never.txt");
  await until("it asks", async () => (await world.state()).agents[agent]?.question !== undefined);
  const told = (await muster(world, "answer", agent)).out;
  expect(told).toStartWith(`${agent} asks to use Bash: touch never.txt\n  muster answer ${agent} allow, or deny\n`);
  const [, screen = ""] = /^ {2}muster answer \S+ 2 --screen ([0-9a-f]{16}) {3}No$/m.exec(told) ?? [];
  const elsewhere = await muster(world, "answer", agent, "2", "--screen", "0123456789abcdef");
  expect([elsewhere.code, elsewhere.err]).toEqual([73, expect.stringContaining("nobody was shown that screen")]);
  expect((await muster(world, "answer", agent, "2", "--screen", screen)).out).toBe(`${agent}: 2 pressed (No)\n`);
  await until("nothing is asked any more", async () => (await world.state()).agents[agent]?.question === undefined);
  expect((await muster(world, "answer", agent)).err).toContain("shows no dialog");
}, 20_000);

test("stop --daemon ends the one that runs, starts none to end it, and the next command starts another", async () => {
  const agent = await readyAgent(world);
  expect((await muster(world, "stop", "--daemon")).out).toBe("the daemon has ended; agents live on\n");
  await until("it is gone", () => !world.isUp());
  const again = await muster(world, "stop", "--daemon");
  expect(again).toMatchObject({ code: 0, out: "no daemon is running; agents live on\n" });
  expect(existsSync(world.home.socket)).toBe(false);
  await world.boot();
  expect((await muster(world, "send", agent, "SAY: still here", "--wait")).code).toBe(0);
}, 20_000);
