import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "../../client/client.ts";
import { openClient } from "../../client/client.ts";
import { isListening } from "../../client/connect.ts";
import { type Home, homeAt } from "../../client/home.ts";
import { endDaemon, startDaemon } from "../../client/launch.ts";
import { Refusal } from "../../core/refusal.ts";
import { isOpen, type State } from "../../core/state.ts";

export interface TrialOrder {
  folder: string;
  messages: number;
  kills: number;
  seed: number;
  mutate: string;
  env: Record<string, string | undefined>;
  /** Called when something countable happened. */
  tell(done: { sent: number; kills: number }): void;
}

/** Receivers of a trial; messages go round. */
const RECEIVERS = 4;
const PATIENCE_MS = 300_000;
/** A daemon that comes back meanwhile is waited for, one that is gone is not. */
const ENDING_MS = 3000;
const GRACE_MS = 1000;

/** Repeatable choices; the machine's timing is not. */
function chooser(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A real daemon, real tmux and real stand-ins; the daemon is killed with SIGKILL again and again while letters go out. */
export class Trial {
  readonly home: Home;
  private readonly client: Client;
  private readonly next: () => number;
  private pid = 0;
  private agents: string[] = [];
  private kills = 0;
  private sent = 0;
  private isOver = false;

  constructor(private readonly order: TrialOrder) {
    this.home = homeAt(join(order.folder, "home"));
    this.client = openClient({ socket: this.home.socket });
    this.next = chooser(order.seed);
    mkdirSync(join(order.folder, "work"), { recursive: true });
    mkdirSync(join(order.folder, "transcripts"));
    writeFileSync(join(order.folder, "kills.jsonl"), "");
    writeFileSync(join(order.folder, "sent.jsonl"), "");
  }

  /** Ends the daemon and its agents: also when the trial failed, or a person had enough of it. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.insist(() => endDaemon(this.client)).catch(() => {});
  }

  async run(): Promise<{ kills: number; states: Record<string, number> }> {
    try {
      return await this.play();
    } finally {
      await this.end();
    }
  }

  private async play(): Promise<{ kills: number; states: Record<string, number> }> {
    await this.boot();
    for (let index = 0; index < RECEIVERS; index += 1) await this.hire();
    const killer = this.killAgainAndAgain();
    const people = this.agents.map((agent) => this.typeDrafts(agent));
    await this.sendAll();
    await this.settle();
    this.isOver = true;
    await Promise.all([killer, ...people]);
    const states = await this.finish();
    return { kills: this.kills, states };
  }

  private async boot(): Promise<void> {
    const { env, mutate } = this.order;
    mkdirSync(this.home.folder, { recursive: true, mode: 0o700 });
    const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
    const given = { ...env, HOME: this.order.folder, MUSTER_GRACE_MS: String(GRACE_MS), MUSTER_MUTATE: mutate };
    this.pid = startDaemon(this.home, given, main, ["--port", "0"]).pid;
    const end = performance.now() + 15_000;
    while (!(await isListening(this.home.socket))) {
      if (performance.now() > end)
        throw new Refusal("failed", "the daemon did not come back", `see ${this.home.daemonLog}`);
      await pause(5);
    }
  }

  /** Repeats a request until a daemon answers: ids make repeating harmless. */
  private async insist<T>(ask: () => Promise<T>): Promise<T> {
    const end = performance.now() + (this.isOver ? ENDING_MS : PATIENCE_MS);
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const isDown = !(error instanceof Refusal) || error.code === "unreachable";
        if (!isDown || performance.now() > end) throw error;
        await pause(5);
      }
    }
  }

  private async hire(): Promise<void> {
    const order = { prompt: "SAY: ready", agent: "standin", cwd: join(this.order.folder, "work") };
    const { agent } = await this.client.post<{ agent: string }>("/api/actions/jobs", order);
    this.agents.push(agent);
  }

  private async sendAll(): Promise<void> {
    const { messages, folder, seed, tell } = this.order;
    for (let index = 0; index < messages; index += 1) {
      const receiver = this.agents[index % this.agents.length] ?? "";
      const mid = `muster-${seed}-${(index + 1).toString(16).padStart(6, "0")}`;
      appendFileSync(join(folder, "sent.jsonl"), `${JSON.stringify({ mid, receiver, at: Date.now() })}\n`);
      const isLong = this.next() < 0.1;
      const message = `message ${index + 1}${isLong ? "\nwith many lines".repeat(20) : ""}`;
      await this.insist(() => this.client.post(`/api/actions/jobs/${receiver}/send`, { message, mid }));
      this.sent += 1;
      tell({ sent: this.sent, kills: this.kills });
      await pause(this.next() * 40);
    }
  }

  /** Kills spread over the whole sending, and on while the last ones are delivered. */
  private async killAgainAndAgain(): Promise<void> {
    const { kills, messages, folder, tell } = this.order;
    while (!this.isOver && this.kills < kills) {
      const due = Math.floor((this.kills * messages) / kills);
      if (this.sent < due) {
        await pause(5);
        continue;
      }
      await pause(this.next() * 150);
      if (this.isOver) return;
      process.kill(this.pid, "SIGKILL");
      this.kills += 1;
      appendFileSync(join(folder, "kills.jsonl"), `${JSON.stringify({ at: Date.now(), pid: this.pid })}\n`);
      tell({ sent: this.sent, kills: this.kills });
      await this.boot();
    }
  }

  /** A person in the page: types a draft, thinks, deletes it. Their keys wait while a message is being typed. */
  private async typeDrafts(agent: string): Promise<void> {
    const type = (keys: string) => this.client.post(`/api/actions/jobs/${agent}/keys`, { keys }).catch(() => {});
    while (!this.isOver) {
      await pause(200 + this.next() * 600);
      for (const letter of "wait a ") await type(letter);
      await pause(this.next() * 200);
      await type("\x15");
    }
    await type("\x15");
  }

  /** Until no message is open any more. */
  private async settle(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const { state } = await this.insist(() => this.client.get<{ state: State }>("/api/state"));
      if (this.kills >= this.order.kills && !Object.values(state.messages).some(isOpen)) return;
      await pause(50);
    }
  }

  private async finish(): Promise<Record<string, number>> {
    const { state } = await this.insist(() => this.client.get<{ state: State }>("/api/state"));
    for (const agent of Object.values(state.agents)) {
      const { transcript } = agent;
      const copy = transcript && join(this.order.folder, "transcripts", `${agent.hire.agent}-${basename(transcript)}`);
      if (transcript && copy) copyFileSync(transcript, copy);
    }
    const states: Record<string, number> = {};
    for (const message of Object.values(state.messages)) states[message.state] = (states[message.state] ?? 0) + 1;
    return states;
  }
}
