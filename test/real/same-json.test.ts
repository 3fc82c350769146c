import { expect, test } from "bun:test";
import { join } from "node:path";
import { claude } from "../../src/drivers/claude.ts";
import { standin } from "../../src/drivers/standin.ts";
import { DriverBench } from "../contracts/driver-bench.ts";
import { startModelServer } from "../fakes/model-server/server.ts";
import { cli } from "./install.ts";
import { environmentFor, seedHome } from "./seed.ts";

/** Prompts that make a program go through the same events. */
interface Play {
  ask(bench: DriverBench): string;
  failingTool: string;
  failingTurn: string;
}

/** Fields of each event, with the type of their values. */
type Fields = Record<string, Record<string, string>>;

/** What says of itself what it is: a source, or nothing. */
const nameOf = (payload: Record<string, unknown>): string =>
  [payload.hook_event_name, payload.source].filter(Boolean).join(" ");

function fieldsOf(payloads: Record<string, unknown>[]): Fields {
  const fields: Fields = {};
  for (const payload of payloads) {
    const known = fields[nameOf(payload)] ?? {};
    for (const [key, value] of Object.entries(payload)) known[key] = Array.isArray(value) ? "array" : typeof value;
    fields[nameOf(payload)] = known;
  }
  return fields;
}

async function playThrough(bench: DriverBench, play: Play): Promise<Fields> {
  const count = (event: string) => bench.payloads().filter((one) => one.hook_event_name === event).length;
  const enter = async (text: string) => {
    await bench.until("ready", () => bench.isReady());
    bench.paste(text);
    await bench.until(`${text} in the composer`, () => bench.glance().composer);
    bench.press("Enter");
  };
  const ends = (event: string, before: number) => bench.until(`${event} ${before + 1}`, () => count(event) > before);
  const turn = async (text: string, event = "Stop") => {
    const before = count(event);
    await enter(text);
    await ends(event, before);
  };
  try {
    bench.start();
    await turn("SAY: hello");
    await turn("WRITE: made.txt text");
    await enter(play.ask(bench));
    await bench.until("the dialog", () => bench.glance().isDialog && count("PermissionRequest") > 0);
    const before = count("Stop");
    await bench.answer("allow");
    await ends("Stop", before);
    await turn(play.failingTool);
    await turn(play.failingTurn, "StopFailure");
    for (const [command, event] of [
      ["/compact", "PostCompact"],
      ["/clear", "SessionEnd"],
      ["/exit", "SessionEnd"],
    ] as const)
      await turn(command, event);
    await bench.until("the end", () => bench.ended());
    return fieldsOf(bench.payloads());
  } finally {
    bench.close();
  }
}

test.skipIf("missing" in cli)(
  "the stand-in's hooks have the same JSON as those of the real Claude Code",
  async () => {
    const model = startModelServer();
    const command = "missing" in cli ? "" : cli.program;
    const env = environmentFor(model.url);
    const order = { driver: claude, hire: { command }, env, patience: 15_000, prepare: seedHome };
    const theirs = await playThrough(new DriverBench(order), {
      ask: ({ root }) => `WRITE: ${root}/asked.txt x`,
      failingTool: "READ: nonexistent.txt",
      failingTurn: "ERROR: 400",
    });
    await model.stop();
    const muster = [process.execPath, join(import.meta.dir, "../contracts/standin-main.ts")];
    const ours = await playThrough(new DriverBench({ driver: standin, muster }), {
      ask: () => 'ASK: Write {"file_path":"asked.txt","content":"x"}',
      failingTool: "RUN: exit 7",
      failingTurn: "LIMIT: over",
    });
    // The CLI's own agents; the stand-in has none.
    const { SubagentStop: _, StatusLine: line = {}, ...events } = theirs;
    // Told only after a first prompt.
    for (const fields of [events, ours]) for (const one of Object.values(fields)) delete one.prompt_id;
    const { StatusLine: ourLine = {}, ...ourEvents } = ours;
    expect(ourEvents).toEqual(events);
    // Of the status line it tells what drivers read.
    expect(line).toMatchObject(ourLine);
    expect(Object.keys(ourLine)).toEqual(expect.arrayContaining(["context_window", "cost", "model", "session_id"]));
  },
  60_000,
);
