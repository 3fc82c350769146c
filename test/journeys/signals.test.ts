import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { openClient } from "../../src/client/client.ts";
import { terminalSocket, unframed } from "../../src/client/terminal.ts";
import type { Event, FactType } from "../../src/core/facts.ts";
import { isIdle, muster, promptsOf, readyAgent } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
let place: { url: string; token: string };
const streams: AbortController[] = [];

beforeAll(async () => {
  await world.boot();
  const { url } = JSON.parse(readFileSync(world.home.endpoint, "utf8"));
  place = { url, token: readFileSync(world.home.token, "utf8").trim() };
});
afterAll(async () => {
  for (const stream of streams) stream.abort();
  await world.end();
});

/** The facts that a browser hears from now on, over the network's door and its token. */
async function hearing(): Promise<
  <T extends FactType>(type: T, is?: (event: Event<T>) => boolean) => Promise<Event<T>>
> {
  const ending = new AbortController();
  streams.push(ending);
  const heard: Event[] = [];
  const stream = openClient(place).events(undefined, ending.signal)[Symbol.asyncIterator]();
  // The snapshot comes first: what happens from here on is told.
  await stream.next();
  void (async () => {
    for (let one = await stream.next(); !one.done; one = await stream.next()) heard.push(one.value as Event);
  })().catch(() => {});
  return (type, is = () => true) =>
    until(`${type} is told`, () => heard.find((event) => event.type === type && is(event as never)) as never);
}

/** A browser's terminal of an agent: what it was sent, and a way to write. */
async function terminal(agent: string) {
  const socket = terminalSocket(place, agent);
  let text = "";
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") text += new TextDecoder().decode(unframed(data).bytes);
  };
  await new Promise((open) => socket.addEventListener("open", open, { once: true }));
  return { shows: () => text, send: (wish: object) => socket.send(JSON.stringify(wish)), close: () => socket.close() };
}

test("A44 what a CLI's hook tells is told to the browser by the stream", async () => {
  const told = await hearing();
  const agent = await world.start("RUN: true");
  expect(await told("hook.heard", (fact) => fact.agent === agent && fact.event === "PreToolUse")).toMatchObject({
    tool: "Bash",
    row: expect.any(Number),
  });
  await told("hook.heard", (fact) => fact.agent === agent && fact.event === "Stop");
});

test("A45 each change of a job is told by the stream: made, at work, over", async () => {
  const told = await hearing();
  const agent = await world.start("SAY: done");
  await told("job.created", (fact) => fact.job === agent);
  await told("turn.started", (fact) => fact.agent === agent);
  expect(await told("job.finished", (fact) => fact.job === agent)).toMatchObject({ outcome: "completed" });
});

test("A46 what a terminal prints is pushed to whoever watches it: nobody asks again", async () => {
  const agent = await readyAgent(world);
  const it = await terminal(agent);
  await until("its screen is there", () => it.shows().length > 0);
  await muster(world, "send", agent, "SAY: pushed without asking");
  await until("it is shown", () => it.shows().includes("pushed without asking"));
  it.close();
}, 20_000);

test("A47 what is typed in the browser arrives in the terminal, as a line and as keys", async () => {
  const agent = await readyAgent(world);
  const it = await terminal(agent);
  it.send({ type: "input", data: "SAY: typed in the page" });
  await until("it was a prompt", async () => (await promptsOf(world, agent)).join().includes("typed in the page"));
  await isIdle(world, agent);
  it.send({ type: "keys", data: "only keys" });
  await until("they stand in the composer", () => it.shows().includes("only keys"));
  it.close();
}, 20_000);

test("A48 what a trigger does, and what becomes of the lead, is told by the stream", async () => {
  const told = await hearing();
  const payload = JSON.stringify({ message: "a job is over" });
  const args = ["look", "event", "job_completed", "notify", "--payload", payload, "--autonomy", "auto"];
  expect((await muster(world, "trigger", "add", ...args, "--cooldown", "0")).code).toBe(0);
  await world.start("SAY: x");
  expect(await told("trigger.fired", ({ name }) => name === "look")).toMatchObject({ action: { do: "notify" } });
  await told("notice.raised", ({ text }) => text.includes("a job is over"));
  await muster(world, "orchestrator", "start", "--agent", "standin", "--dir", world.folder);
  await told("lead.summoned");
  await told("terminal.opened", (fact) => fact.agent === "orch");
  await muster(world, "orchestrator", "stop");
  await told("lead.retired");
}, 20_000);
