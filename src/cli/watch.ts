import type { Client } from "../client/client.ts";
import type { TerminalBytes } from "../client/terminal.ts";
import type { JobRow } from "../core/job-row.ts";
import type { Offset } from "../core/ports.ts";
import type { State } from "../core/state.ts";
import { visible } from "../core/text.ts";
import type { Call, CommandSpec } from "./command.ts";
import { paintState } from "./jobs.ts";
import { line } from "./style.ts";
import { View } from "./view.ts";

const INTERRUPTED = 130;
/** Lines of the screen and above it; the frame takes what fits. */
const LINES = 200;

/** Has the job ended, or without one the agent? */
export function isOver(state: State, { id, agent: name }: JobRow): boolean {
  const job = state.jobs[id] ?? state.jobs[id.replace(/#1$/, "")];
  if (job) return job.outcome !== undefined;
  const agent = state.agents[name];
  return !agent || agent.dismissed !== undefined || agent.activity === "exited" || agent.activity === "lost";
}

const pathOf = (agent: string, more: string): string => `/api/jobs/${encodeURIComponent(agent)}/${more}`;

const AGAIN_MS = 200;

/** What the terminal prints, from an offset on, until the signal: a daemon that is gone comes back. */
async function* printed(client: Client, agent: string, signal: AbortSignal): AsyncIterable<TerminalBytes> {
  let next: Offset | undefined;
  while (!signal.aborted) {
    for await (const piece of client.terminal(agent, signal, next)) {
      next = piece.offset + piece.bytes.length;
      yield piece;
    }
    if (!signal.aborted) await Bun.sleep(AGAIN_MS);
  }
}

/** Prints the record as it grows, to its last byte. */
class Tail {
  private next: Offset = 0;
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly call: Call,
    private readonly client: Client,
    private readonly agent: string,
  ) {}

  async follow(signal: AbortSignal): Promise<void> {
    for await (const { offset, bytes } of printed(this.client, this.agent, signal)) await this.show(offset, bytes);
  }

  /** What the stream had not sent when the job ended. */
  async rest(): Promise<void> {
    for await (const bytes of this.client.bytes(pathOf(this.agent, `output?from=${this.next}`))) {
      await this.show(this.next, bytes);
    }
  }

  private async show(offset: Offset, bytes: Uint8Array): Promise<void> {
    const { isJson, print, write, written } = this.call;
    const fresh = bytes.subarray(Math.max(0, Math.min(bytes.length, this.next - offset)));
    this.next = Math.max(this.next, offset + bytes.length);
    if (fresh.length === 0) return;
    const text = () => this.decoder.decode(fresh, { stream: true });
    if (isJson) print(JSON.stringify({ offset: this.next - fresh.length, text: text() }));
    else write(fresh);
    await written();
  }
}

/** Draws the agent's screen until the signal. */
async function draw({ write }: Call, client: Client, { agent, driver }: JobRow, signal: AbortSignal): Promise<void> {
  const size = () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });
  const look = async () => {
    const { text } = await client.get<{ text: string }>(pathOf(agent, `capture?lines=${LINES}`));
    return visible(text);
  };
  const foot = `${agent} ${driver}: Ctrl-C leaves, it works on`;
  const encoder = new TextEncoder();
  const view = new View((text) => write(encoder.encode(text)), size, look, foot);
  process.stdout.on("resize", view.soon);
  try {
    view.soon();
    for await (const _ of printed(client, agent, signal)) view.soon();
  } finally {
    process.stdout.off("resize", view.soon);
    view.close();
  }
}

/** Resolves when the job has ended, or somebody interrupts. */
async function ended(client: Client, row: JobRow, signal: AbortSignal): Promise<void> {
  for await (const { state } of client.follow(signal)) if (isOver(state, row)) return;
}

/** Shows the agent until its job has ended; false = somebody interrupted. */
async function show(call: Call, client: Client, row: JobRow): Promise<boolean> {
  const ending = new AbortController();
  let isInterrupted = false;
  const leave = () => {
    isInterrupted = true;
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, leave);
  const tail = call.isTty && !call.isJson ? null : new Tail(call, client, row.agent);
  const showing = tail ? tail.follow(ending.signal) : draw(call, client, row, ending.signal);
  await Promise.race([ended(client, row, ending.signal), showing]);
  ending.abort();
  await showing;
  if (!isInterrupted) await tail?.rest();
  return !isInterrupted;
}

export const command: CommandSpec = {
  name: "watch",
  usage: "watch ID",
  summary:
    "Follows an agent until its job ends: on a terminal its screen, elsewhere the bytes that it prints. Ctrl-C leaves.",
  examples: ["muster watch a1b2", "muster watch a1b2 | tee a1b2.log"],
  flags: {},
  takes: [1, 1],
  async run(call) {
    const { words, daemon, isJson, isTty, print } = call;
    const client = await daemon();
    const row = await client.get<JobRow>(`/api/jobs/${encodeURIComponent(words[0] ?? "")}`);
    if (row.finishedAt === undefined && !(await show(call, client, row))) return INTERRUPTED;
    const { id, state, status, reason, summary } = await client.get<JobRow>(`/api/jobs/${encodeURIComponent(row.id)}`);
    const said = line(reason || summary);
    if (isJson) print(JSON.stringify({ job: id, status, reason, summary }));
    else if (isTty) print(`job ${id} has ended, ${paintState(state)}${said ? `: ${said}` : ""}`);
    return status === "failed" ? 1 : 0;
  },
};
