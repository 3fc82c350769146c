import { join } from "node:path";
import { figuresOf, type Row } from "./figures.ts";
import { LogTail } from "./log-tail.ts";
import { paste, tmux } from "./raw-tmux.ts";
import { until, World } from "./world.ts";

const SAMPLES = 60;

const unique = (): string => `bench-${crypto.randomUUID().slice(0, 13)}`;

/** Pastes into the pane past the daemon, and empties the composer again. */
async function pasteAlone(world: World, pane: string, log: LogTail): Promise<number> {
  const text = unique();
  const socket = world.home.tmuxSocket;
  const began = performance.now();
  const pasted = paste(socket, pane, text);
  await log.shows(text);
  const took = performance.now() - began;
  await pasted;
  await tmux(socket, ["send-keys", "-t", pane, "C-u"]);
  const isGone = async () => !(await tmux(socket, ["capture-pane", "-p", "-t", pane])).includes(text);
  await until("the composer is empty", isGone);
  return took;
}

/** Sends by the API: until the pane shows it, and until the CLI has it as a prompt. */
async function sendOne(world: World, agent: string, pane: LogTail, transcript: LogTail): Promise<[number, number]> {
  const mid = unique();
  const began = performance.now();
  const since = () => performance.now() - began;
  const shown = pane.shows(mid).then(since);
  const taken = transcript.shows(mid).then(since);
  await world.client.post(`/api/actions/jobs/${agent}/send`, { message: "hello", mid });
  const both = await Promise.all([shown, taken]);
  await world.quiet([agent]);
  return both;
}

/** A message to an idle agent. */
export async function send(isQuick: boolean): Promise<Row[]> {
  const world = new World();
  try {
    await world.boot();
    const { agent } = await world.start("SAY: ready");
    await world.quiet([agent]);
    const known = (await world.state()).agents[agent];
    if (!known?.pane || !known.transcript) throw new Error("the agent has no pane or no transcript");
    const pane = new LogTail(join(world.home.jobs, `${agent}.log`));
    const transcript = new LogTail(known.transcript);
    const alone: number[] = [];
    const shown: number[] = [];
    const taken: number[] = [];
    for (let n = isQuick ? SAMPLES - 5 : -5; n < SAMPLES; n++) {
      const base = await pasteAlone(world, known.pane, pane);
      const [first, second] = await sendOne(world, agent, pane, transcript);
      // The first five find programs that were never run before.
      if (n < 0) continue;
      alone.push(base);
      shown.push(first);
      taken.push(second);
    }
    pane.close();
    transcript.close();
    const baseline = { name: "load-buffer + paste-buffer by process", ...figuresOf(alone) };
    const common = { unit: "ms", samples: shown.length, baseline };
    return [
      { measure: "send → text in the pane", ...common, figures: figuresOf(shown), limits: { p95: 25 } },
      { measure: "send → prompt in the CLI's transcript", ...common, figures: figuresOf(taken) },
    ];
  } finally {
    await world.end();
  }
}
