import { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event, FactType } from "../../src/core/facts.ts";
import { marksIn } from "../../src/core/mark.ts";
import type { Agent, Message } from "../../src/core/state.ts";
import { transcript } from "../../src/drivers/claude-transcript.ts";
import { until, type World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

/** All facts of one kind, from the log's own file: also those of a daemon that is down. */
export function factsOf<T extends FactType>(world: World, type: T): Event<T>[] {
  const log = new Database(world.home.ledger, { readonly: true });
  try {
    const rows = log.query("SELECT seq, at, fact FROM events WHERE type = ? ORDER BY seq").all(type);
    return (rows as { seq: number; at: number; fact: string }[]).map(
      ({ seq, at, fact }) => ({ seq, at, ...JSON.parse(fact) }) as Event<T>,
    );
  } finally {
    log.close();
  }
}

export async function agentOf(world: World, id: string): Promise<Agent> {
  const agent = (await world.state()).agents[id];
  if (!agent) throw new Error(`no agent ${id}`);
  return agent;
}

export async function messageOf(world: World, mid: string): Promise<Message> {
  const message = (await world.state()).messages[mid];
  if (!message) throw new Error(`no message ${mid}`);
  return message;
}

/** Prompts that the model of this agent got, as its CLI wrote them down. */
export async function promptsOf(world: World, id: string): Promise<string[]> {
  const path = (await agentOf(world, id)).transcript;
  const lines = path ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  return lines.flatMap((line) => transcript(line)?.text ?? []);
}

/** How often each of these messages stands in the transcript of an agent. */
export async function arrivals(world: World, id: string, mids: string[]): Promise<number[]> {
  const marks = (await promptsOf(world, id)).flatMap(marksIn);
  return mids.map((mid) => marks.filter((mark) => mark === mid).length);
}

export const isIdle = (world: World, id: string): Promise<true> =>
  until(`agent ${id} is idle`, async () => (await agentOf(world, id)).activity === "idle") as Promise<true>;

export const isDelivered = (world: World, mid: string): Promise<true> =>
  until(
    `message ${mid} is delivered`,
    async () => (await messageOf(world, mid)).state === "delivered",
  ) as Promise<true>;

export const waitsBecause = (world: World, mid: string, reason: string | RegExp): Promise<true> =>
  until(`message ${mid} waits because of ${reason}`, async () => {
    const message = await messageOf(world, mid);
    return message.state !== "delivered" && message.reason.match(reason) !== null;
  }) as Promise<true>;

/** An agent that is idle after its first prompt. */
export async function readyAgent(world: World, prompt = "SAY: ready"): Promise<string> {
  const agent = await world.start(prompt);
  await until("its job has ended", async () => (await world.state()).jobs[agent]?.outcome !== undefined);
  await isIdle(world, agent);
  return agent;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

async function finished(argv: string[], env: Record<string, string>, cwd: string): Promise<Ran> {
  const child = Bun.spawn(argv, { env, cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}

/** Where a person types: this home, and what their shell has set besides. */
export type Shell = World | { world: World; env: Record<string, string> };

/** Runs a command of Muster's as a person would, in this home. */
export function muster(shell: Shell, ...args: string[]): Promise<Ran> {
  const { world, env } = "world" in shell ? shell : { world: shell, env: {} };
  const argv = [process.execPath, "--no-install", MAIN, ...args];
  return finished(argv, { ...world.env(env), MUSTER_HOME: world.home.folder }, world.folder);
}

/** Runs tmux on this home's own server, as an attached person's keys would. */
export const tmux = (world: World, ...args: string[]): Promise<Ran> =>
  finished(["tmux", "-S", world.home.tmuxSocket, "-N", ...args], world.env(), world.folder);

export const keys = (world: World, agent: string, text: string): Promise<unknown> =>
  world.client.post(`/api/actions/jobs/${agent}/keys`, { keys: text });

/** What stands in an agent's composer, as a person sees it on the screen. */
export const screenOf = async (world: World, agent: string): Promise<string> =>
  (await world.client.get<{ text: string }>(`/api/jobs/${agent}/capture?lines=50`)).text;
