import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openClient } from "../src/client/client.ts";
import { terminalSocket } from "../src/client/terminal.ts";
import type { Event, FactType } from "../src/core/facts.ts";
import { type Figures, figuresOf, type Row } from "./figures.ts";
import { LogTail } from "./log-tail.ts";
import { tmux } from "./raw-tmux.ts";
import { World } from "./world.ts";

const SAMPLES = 60;
/** Found with programs that were never run before. */
const WARM = 5;

/** What a browser hears over the network's door; resolves whoever waits for the next fact of a kind. */
class Browser {
  private readonly waiting = new Map<FactType, (at: number) => void>();
  private readonly ending = new AbortController();

  constructor(place: { url: string; token: string }) {
    void this.read(place).catch((error) => {
      if (!this.ending.signal.aborted) throw error;
    });
  }

  next(type: FactType): Promise<number> {
    return new Promise((done) => this.waiting.set(type, done));
  }

  close(): void {
    this.ending.abort();
  }

  private async read(place: { url: string; token: string }): Promise<void> {
    for await (const one of openClient(place).events(undefined, this.ending.signal)) {
      if ("state" in one) continue;
      const { type } = one as Event;
      this.waiting.get(type)?.(performance.now());
      this.waiting.delete(type);
    }
  }
}

/** A task is added: until the stream tells of it, and of the trigger that it sets off. */
async function changes(world: World, place: { url: string; token: string }, samples: number): Promise<Row[]> {
  const action = { action: "notify", payload: { message: "x" }, cwd: world.folder };
  const when = { type: "event", condition: "queue_update", autonomy: "auto", cooldown: 0 };
  await world.client.post("/api/triggers", { name: "bench", ...when, ...action });
  const browser = new Browser(place);
  const client = openClient(place);
  const alone: number[] = [];
  const told: number[] = [];
  const fired: number[] = [];
  for (let n = -WARM; n < samples; n++) {
    const asked = performance.now();
    await client.get("/api/health");
    const base = performance.now() - asked;
    const both = Promise.all([browser.next("queue.added"), browser.next("trigger.fired")]);
    const began = performance.now();
    await client.post("/api/queue/tasks", { prompt: `task ${n}`, cwd: world.folder });
    const [added, acted] = await both;
    if (n < 0) continue;
    alone.push(base);
    told.push(added - began);
    fired.push(acted - began);
  }
  browser.close();
  const baseline = { name: "one GET of the same daemon", ...figuresOf(alone) };
  const row = (measure: string, values: number[], p95: number): Row => ({
    ...{ measure, unit: "ms", samples, baseline, figures: figuresOf(values), limits: { p95 } },
  });
  return [
    row("a change of the state → event of the stream", told, 400),
    row("what sets off a trigger → its firing in the stream", fired, 200),
  ];
}

/** A key of the page until the pane shows it, against tmux's own. */
async function keys(world: World, place: { url: string; token: string }, samples: number): Promise<Row> {
  const { agent } = await world.start("SAY: ready");
  await world.quiet([agent]);
  const { pane = "" } = (await world.state()).agents[agent] ?? {};
  const log = new LogTail(join(world.home.jobs, `${agent}.log`));
  const socket = terminalSocket(place, agent);
  await new Promise((open) => socket.addEventListener("open", open, { once: true }));
  const clear = () => tmux(world.home.tmuxSocket, ["send-keys", "-t", pane, "C-u"]);
  const timed = async (press: (text: string) => unknown): Promise<number> => {
    const text = `k${crypto.randomUUID().slice(0, 8)}`;
    const began = performance.now();
    void press(text);
    await log.shows(text);
    const took = performance.now() - began;
    await clear();
    return took;
  };
  const [own, alone]: [number[], number[]] = [[], []];
  for (let n = -WARM; n < samples; n++) {
    const base = await timed((text) => tmux(world.home.tmuxSocket, ["send-keys", "-l", "-t", pane, text]));
    const took = await timed((data) => socket.send(JSON.stringify({ type: "keys", data })));
    if (n < 0) continue;
    alone.push(base);
    own.push(took);
  }
  socket.close();
  log.close();
  const baseline: Figures & { name: string } = { name: "tmux send-keys by process", ...figuresOf(alone) };
  const common = { unit: "ms", samples, baseline, limits: { p95: 100 } };
  return { measure: "key in the page → text in the pane", ...common, figures: figuresOf(own) };
}

/** The ways of what happens to who looks (A44 is in hooks.ts, A46 in terminal.ts). */
export async function signals(isQuick: boolean): Promise<Row[]> {
  const world = new World();
  const samples = isQuick ? 10 : SAMPLES;
  try {
    await world.boot();
    const { url } = JSON.parse(readFileSync(world.home.endpoint, "utf8"));
    const place = { url, token: readFileSync(world.home.token, "utf8").trim() };
    return [...(await changes(world, place, samples)), await keys(world, place, samples)];
  } finally {
    await world.end();
  }
}
