import { mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event, Hire } from "../src/core/facts.ts";
import type { Place } from "../src/core/ports.ts";
import { standin } from "../src/drivers/standin.ts";
import { figuresOf, type Row } from "./figures.ts";
import { sleep, until, World } from "./world.ts";

const SAMPLES = 100;
const WRITERS = 20;
const EACH = 25;
/** As large as a tool's input often is. */
const FILLING = "x".repeat(2000);

/** Hears the daemon's stream; resolves whoever waits for a tool's name. */
class Stream {
  readonly heard = new Set<string>();
  private readonly waiting = new Map<string, () => void>();
  private readonly ending = new AbortController();

  constructor(world: World) {
    void this.read(world).catch((error) => {
      if (!this.ending.signal.aborted) throw error;
    });
  }

  tool(name: string): Promise<void> {
    return new Promise((done) => this.waiting.set(name, done));
  }

  close(): void {
    this.ending.abort();
  }

  private async read(world: World): Promise<void> {
    for await (const one of world.client.events(undefined, this.ending.signal)) this.note(one as Event);
  }

  private note(event: Event): void {
    if (event.type !== "hook.heard" || !event.tool) return;
    this.heard.add(event.tool);
    this.waiting.get(event.tool)?.();
  }
}

const toolEvent = (tool: string): string =>
  `${JSON.stringify({ hook_event_name: "PreToolUse", session_id: "bench", tool_name: tool, tool_input: { FILLING } })}\n`;

/** Writes one event as a hook does, and waits until the stream told of it. */
async function tell(world: World, stream: Stream, agent: string, n: number): Promise<number> {
  const told = stream.tool(`single-${n}`);
  const began = performance.now();
  writeFileSync(join(world.home.spool, `${agent}.${n}.json`), toolEvent(`single-${n}`));
  await told;
  return performance.now() - began;
}

/** The same file seen by fs.watch and read, in this process. */
async function watchAlone(folder: string, n: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const path = join(folder, `${n}.json`);
  const watcher = watch(folder, () => {
    if (readFileSync(path, "utf8").endsWith("\n")) resolve();
  });
  const began = performance.now();
  writeFileSync(path, toolEvent(`alone-${n}`));
  await promise;
  const took = performance.now() - began;
  watcher.close();
  return took;
}

async function latency(world: World, stream: Stream, agent: string, samples: number): Promise<Row> {
  const folder = join(world.folder, "watched");
  mkdirSync(folder);
  const alone: number[] = [];
  const told: number[] = [];
  for (let n = -3; n < samples; n++) {
    const took = await tell(world, stream, agent, n + 10);
    const base = await watchAlone(folder, n);
    // A pause, as between a CLI's tools; what comes at once is the burst below.
    await sleep(10);
    if (n < 0) continue;
    told.push(took);
    alone.push(base);
  }
  const baseline = { name: "fs.watch + read", ...figuresOf(alone) };
  const common = { unit: "ms", samples: told.length, baseline, limits: { p95: 15 } };
  return { measure: "hook's file → event of the stream", ...common, figures: figuresOf(told) };
}

/** Runs a hook's command as a CLI does. */
async function runHook(command: string, payload: string): Promise<number> {
  const began = performance.now();
  const ran = Bun.spawn(["sh", "-c", command], { stdin: Buffer.from(payload), stdout: "ignore", stderr: "inherit" });
  const code = await ran.exited;
  if (code !== 0) throw new Error(`a hook ended with ${code}`);
  return performance.now() - began;
}

/** Twenty writers, each one event after the other, all at once: does every one arrive? */
async function burst(stream: Stream, command: string): Promise<Row[]> {
  const began = performance.now();
  const write = async (writer: number) => {
    for (let n = 0; n < EACH; n++) await runHook(command, toolEvent(`burst-${writer}-${n}`));
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const written = performance.now() - began;
  const arrived = () => [...stream.heard].filter((tool) => tool.startsWith("burst-")).length;
  await until("all events arrive", () => arrived() === WRITERS * EACH, 2, 20_000).catch(() => {});
  const all = performance.now() - began;
  const same = (value: number) => ({ p50: value, p95: value });
  const limits = { atLeast: WRITERS * EACH };
  const times = {
    unit: "ms",
    samples: 1,
    figures: same(all),
    baseline: { name: "the writers alone", ...same(written) },
  };
  return [
    {
      measure: `burst: ${WRITERS} writers × ${EACH}, events told`,
      unit: "",
      samples: 1,
      figures: same(arrived()),
      limits,
    },
    { measure: "burst: first written → last told", ...times },
  ];
}

/** The files of an agent that no daemon knows: its hooks run, nobody listens. */
function strangerIn(world: World): { spool: string; prompt: string } {
  const folder = join(world.folder, "stranger");
  const inside = (name: string) => join(folder, name);
  const place: Place = {
    ...{
      folder,
      receipts: inside("receipts"),
      seen: inside("seen"),
      spool: inside("spool"),
      letters: inside("letters"),
    },
    ...{ home: world.folder, socket: world.home.socket, muster: [] },
  };
  for (const path of [place.receipts, place.seen, place.spool, inside("hooks")]) mkdirSync(path, { recursive: true });
  const hire: Hire = { agent: "0badcafe", driver: "standin", cwd: folder, permission: "workspace-write" };
  for (const { path, text, isProgram } of standin.launch(hire, place).files) {
    writeFileSync(inside(path), text, { mode: isProgram ? 0o700 : 0o600 });
  }
  const { hooks } = JSON.parse(readFileSync(inside("settings.json"), "utf8"));
  const commandOf = (event: string): string => hooks[event][0].hooks[0].command;
  return { spool: commandOf("PreToolUse"), prompt: commandOf("UserPromptSubmit") };
}

async function oneRun(world: World, samples: number): Promise<Row[]> {
  const { spool, prompt } = strangerIn(world);
  const times: Record<"idle" | "spool" | "prompt", number[]> = { idle: [], spool: [], prompt: [] };
  for (let n = -5; n < samples; n++) {
    const text = `From user ⟦m:bench-${n}⟧ ${FILLING} ⟦/m:bench-${n}⟧`;
    const submitted = `${JSON.stringify({ hook_event_name: "UserPromptSubmit", session_id: "bench", prompt: text })}\n`;
    const ran = {
      idle: await runHook("true", submitted),
      spool: await runHook(spool, toolEvent("run")),
      prompt: await runHook(prompt, submitted),
    };
    if (n >= 0) for (const name of ["idle", "spool", "prompt"] as const) times[name].push(ran[name]);
  }
  const baseline = { name: "sh -c true", ...figuresOf(times.idle) };
  const common = { unit: "ms", samples, baseline, limits: { p50: 3 } };
  return [
    { measure: "one run of the spool hook, 2 KB", ...common, figures: figuresOf(times.spool) },
    { measure: "one run of the prompt hook, 2 KB", ...common, figures: figuresOf(times.prompt) },
  ];
}

/** What a CLI tells by its hooks. */
export async function hooks(isQuick: boolean): Promise<Row[]> {
  const world = new World();
  const samples = isQuick ? 10 : SAMPLES;
  try {
    await world.boot();
    const { agent } = await world.start("SAY: ready");
    await world.quiet([agent]);
    const stream = new Stream(world);
    const row = await latency(world, stream, agent, samples);
    const settings = JSON.parse(readFileSync(join(world.home.agents, agent, "settings.json"), "utf8"));
    const rows = await burst(stream, settings.hooks.PreToolUse[0].hooks[0].command);
    stream.close();
    return [row, ...rows, ...(await oneRun(world, samples))];
  } finally {
    await world.end();
  }
}
