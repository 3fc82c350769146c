import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toEnd } from "./ending.ts";
import { type Figures, figuresOf, type Limits, type Row } from "./figures.ts";
import { RawTmux, ttysOf } from "./raw-tmux.ts";
import { sleep, until, World } from "./world.ts";

/** Agents, and what is promised for so many. */
const SIZES: [agents: number, limits?: Limits][] = [[1], [20, { p50: 1, p95: 3 }], [100], [200, { p50: 2, p95: 6 }]];
const SECONDS = 5;

const program = (name: string, args: string[]): string[] => [
  process.execPath,
  "--no-install",
  join(import.meta.dir, "programs", name),
  ...args,
];

/** Starts a reader, prints on the terminals, and gives how late each line came. */
async function listen(folder: string, reader: string[], ttys: string[], seconds: number): Promise<number[]> {
  const list = join(folder, "terminals");
  writeFileSync(list, ttys.join("\n"));
  const reading = Bun.spawn(reader, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const endReader = toEnd(() => reading.kill());
  const output = reading.stdout.pipeThrough(new TextDecoderStream() as never).getReader();
  let text = "";
  const readOn = async () => {
    const { done, value } = await output.read();
    text += value ?? "";
    return done;
  };
  while (!text.includes("ready\n")) if (await readOn()) throw new Error("the reader ended");
  const printing = Bun.spawn(program("printer.ts", [list, String(seconds)]), { stderr: "inherit" });
  const endPrinter = toEnd(() => printing.kill());
  await printing.exited;
  await endPrinter();
  await sleep(300);
  await reading.stdin.end();
  while (!(await readOn()));
  await endReader();
  return JSON.parse(text.slice(text.indexOf("\n") + 1));
}

/** A pane's program that only holds it, and a prompt that counts as delivered, so that nothing is typed meanwhile. */
async function hold(world: World, program: string): Promise<string> {
  const { agent, mid } = await world.start("wait", { command: program });
  const folder = join(world.home.agents, agent);
  mkdirSync(join(folder, "state", "sessions"), { recursive: true, mode: 0o700 });
  const path = join(folder, "state", "bench.jsonl");
  const line = { type: "user", origin: { kind: "human" }, message: { content: `⟦m:${mid}⟧` } };
  writeFileSync(path, `${JSON.stringify(line)}\n`);
  const event = { hook_event_name: "SessionStart", source: "startup", session_id: agent, transcript_path: path };
  writeFileSync(join(world.home.spool, `${agent}.1.json`), `${JSON.stringify(event)}\n`);
  return agent;
}

async function withMuster(count: number, seconds: number): Promise<Figures & { samples: number }> {
  const world = new World();
  try {
    const holder = join(world.folder, "hold.sh");
    writeFileSync(holder, "#!/bin/sh\nexec sleep 3600\n");
    chmodSync(holder, 0o700);
    await world.boot();
    const agents: string[] = [];
    for (let n = 0; n < count; n++) agents.push(await hold(world, holder));
    await until(
      "all prompts count as delivered",
      async () => {
        const { messages } = await world.state();
        return Object.values(messages).every(({ state }) => state === "delivered");
      },
      50,
    );
    const ttys = await ttysOf(world.home.tmuxSocket);
    const ages = await listen(world.folder, program("viewer.ts", [world.home.socket, ...agents]), ttys, seconds);
    return { ...figuresOf(ages), samples: ages.length };
  } finally {
    await world.end();
  }
}

async function withTmux(count: number, seconds: number): Promise<Figures> {
  const raw = new RawTmux();
  try {
    await raw.open(count);
    const ttys = await ttysOf(raw.socket);
    return figuresOf(await listen(raw.folder, program("file-reader.ts", [raw.logs]), ttys, seconds));
  } finally {
    await raw.end();
  }
}

/** A byte printed in an agent's pane, until a page has it. */
export async function terminal(isQuick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const seconds = isQuick ? 2 : SECONDS;
  for (const [count, limits] of isQuick ? SIZES.slice(0, 2) : SIZES) {
    const baseline = { name: "pipe-pane + fs.watch", ...(await withTmux(count, seconds)) };
    const { samples, ...figures } = await withMuster(count, seconds);
    const measure = `pane byte → socket, ${count} agent${count === 1 ? "" : "s"} × 1 KB/s`;
    rows.push({ measure, unit: "ms", samples, figures, baseline, limits });
  }
  return rows;
}
