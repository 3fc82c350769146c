import { afterAll, beforeAll, expect, test } from "bun:test";
import { agentOf, isDelivered, muster, readyAgent, screenOf, tmux } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
const busyAgent = async () => {
  const id = await world.start("DELAY: 60000");
  await until("it works", async () => (await agentOf(world, id)).activity === "busy");
  return id;
};

beforeAll(() => world.boot());
afterAll(() => world.end());

test("A10 send says delivered, or queued and why; a finished agent takes nothing", async () => {
  const [idle, busy] = [await readyAgent(world), await busyAgent()];
  expect((await muster(world, "send", idle, "SAY: one")).out).toMatch(/^delivered muster-\S+\n$/);
  expect((await muster(world, "send", busy, "SAY: two")).out).toMatch(/^queued \(busy\) muster-\S+\n$/);
  const told = JSON.parse((await muster(world, "send", busy, "SAY: three", "--json")).out);
  expect(told).toMatchObject({ state: "queued", reason: "the agent is busy" });
  await muster(world, "kill", idle);
  expect((await muster(world, "send", idle, "SAY: late")).code).toBe(73);
});

test("A10 send --key presses a real key; a name that is no key is refused", async () => {
  const id = await busyAgent();
  expect((await muster(world, "send", id, "--key", "Escape")).out).toBe("pressed Escape\n");
  await until("its turn is interrupted", async () => (await agentOf(world, id)).activity === "idle");
  const cases: [args: string[], code: number, says: RegExp][] = [
    [[id, "--key", "F13"], 64, /--key F13 is no key that can be pressed; Escape, C-c, Enter, Up, Down/],
    [[id, "text", "--key", "Escape"], 64, /--key and a text are two messages/],
    [["ffffffff", "--key", "Escape"], 66, /no agent or job/],
  ];
  for (const [args, code, says] of cases) {
    const refused = await muster(world, "send", ...args);
    expect([refused.code, refused.err]).toEqual([code, expect.stringMatching(says)]);
  }
});

test("A7 A12 an agent started with --strip-ansi has a record without escape sequences; others have every byte", async () => {
  const started = async (...args: string[]): Promise<string> => {
    const { out } = await muster(world, "start", "SAY: plain words", "--agent", "standin", "--json", ...args);
    const { agent } = JSON.parse(out);
    await until("it is done", async () => (await world.state()).jobs[agent]?.outcome);
    await until("it is shown", async () => (await screenOf(world, agent)).includes("plain words"));
    return agent;
  };
  const [plain, raw] = [await started("--strip-ansi"), await started()];
  const [stripped, whole] = [await muster(world, "output", plain), await muster(world, "output", raw)];
  expect(stripped.out).toContain("plain words");
  expect(stripped.out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
  expect(whole.out).toContain("\x1b[");
  expect((await muster(world, "output", raw, "--strip-ansi")).out).not.toContain("\x1b");
  expect((await muster(world, "capture", plain)).out).not.toContain("\x1b");
});

test("A11 capture reaches above the screen, and takes 1 to 100000 lines", async () => {
  const id = await world.start(`RUN: seq 1 5\n${Array.from({ length: 30 }, (_, n) => `SAY: row ${n}`).join("\n")}`);
  await until("it is done", async () => (await world.state()).jobs[id]?.outcome);
  expect((await muster(world, "capture", id, "1")).out.trim().split("\n")).toHaveLength(1);
  for (const lines of ["0", "100001", "-1", "many"])
    expect([lines, (await muster(world, "capture", id, "--", lines)).code]).toEqual([lines, 64]);
});

test("A13 attach --print prints the command; a session that is gone is refused", async () => {
  const id = await readyAgent(world);
  expect((await muster(world, "attach", id, "--print")).out).toContain(`attach -t '=muster-${id}'`);
  await muster(world, "kill", id);
  await until("it is gone", async () => (await agentOf(world, id)).activity === "exited");
  expect((await muster(world, "attach", id, "--print")).code).toBe(73);
});

test("A21 sessions lists what runs in tmux, takes over an agent that the log does not know, and ends a stranger", async () => {
  const id = await readyAgent(world);
  await tmux(world, "new-session", "-d", "-s", "muster-deadbeef", "sleep", "1000");
  await tmux(world, "set-option", "-p", "-t", "=muster-deadbeef:", "@muster_agent", "deadbeef");
  await tmux(world, "set-option", "-p", "-t", "=muster-deadbeef:", "@muster_incarnation", "2");
  await tmux(world, "new-session", "-d", "-s", "stranger", "sleep", "1000");
  const rows = async () =>
    JSON.parse((await muster(world, "sessions", "--json")).out) as { name: string; kind: string }[];
  const kinds = new Map((await rows()).map(({ name, kind }) => [name, kind]));
  expect([`muster-${id}`, "muster-deadbeef", "stranger"].map((name) => kinds.get(name))).toEqual([
    ...["agent", "unknown", "unknown"],
  ]);
  expect((await muster(world, "sessions")).out).toContain("muster sessions adopt|kill");
  const adopted = await muster(world, "sessions", "adopt", "deadbeef", "--agent", "standin");
  expect(adopted.out).toBe("adopted deadbeef\n");
  await until("it has its terminal", async () => (await agentOf(world, "deadbeef")).pane !== undefined);
  const { incarnation, pid = 0 } = await agentOf(world, "deadbeef");
  expect([incarnation, (await muster(world, "sessions", "adopt", "deadbeef")).code]).toEqual([2, 73]);
  expect((await muster(world, "sessions", "kill", "muster-deadbeef")).out).toBe("ended deadbeef\n");
  expect((await muster(world, "sessions", "kill", "stranger")).out).toBe("ended stranger\n");
  await until("both are gone", async () => {
    const names = (await rows()).map(({ name }) => name);
    return !names.includes("stranger") && !names.includes("muster-deadbeef");
  });
  expect(() => process.kill(pid, 0)).toThrow();
  expect((await muster(world, "sessions", "kill", "stranger")).code).toBe(66);
  expect((await muster(world, "sessions", "adpot", "x")).code).toBe(64);
  await isDelivered(world, await world.send(id, "SAY: still there"));
}, 20_000);
