import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FAULT_POINTS } from "../../src/core/fault-points.ts";
import {
  agentOf,
  arrivals,
  factsOf,
  keys,
  messageOf,
  readyAgent,
  screenOf,
  tmux,
  waitsBecause,
} from "../journeys/look.ts";
import { view } from "../journeys/viewer.ts";
import { until, World } from "../journeys/world.ts";
import { codeOf, isTest, ROOT, sourcesIn } from "../sources.ts";

const PASSES = [1, 2, 3];
const midOf = (round: number): string => `muster-1-00000${round}`;

/** How three messages to a stand-in come to pass a point: each round is one message, after the one before it has ended. */
interface Way {
  /** MUSTER_FAULT beside the kill itself. */
  also?: string[];
  /** What happens around the sending of a message; without it, it is only sent. */
  round?(world: World, agent: string, mid: string): Promise<unknown>;
  end?: "uncertain";
}

const send = (world: World, agent: string, mid: string) => world.send(agent, `SAY: ${mid}`, mid);
const isShown = (world: World, agent: string, text: string) =>
  until(`${text} is on the screen`, async () => (await screenOf(world, agent)).includes(text));

/** Text of ours that was never submitted stands in the composer: it is cleared before anything is typed. */
async function overStaleText(world: World, agent: string, mid: string) {
  await keys(world, agent, "From user ⟦m:muster-0-000000⟧ stale ⟦/m:muster-0-000000⟧");
  await isShown(world, agent, "stale");
  await send(world, agent, mid);
}

/** While the daemon stands still between its intent and its paste, a person begins to type. */
async function intoDraft(world: World, agent: string, mid: string) {
  const pane = (await agentOf(world, agent)).pane ?? "";
  await send(world, agent, mid);
  await until("it stands still", () => /\) T /.test(readFileSync(`/proc/${world.pid}/stat`, "latin1")));
  await tmux(world, "send-keys", "-t", pane, "-l", "draft");
  await until("the draft is shown", async () =>
    (await tmux(world, "capture-pane", "-p", "-t", pane)).out.includes("> dr"),
  );
  process.kill(world.pid, "SIGCONT");
  await waitsBecause(world, mid, /somebody types|draft/);
  await tmux(world, "send-keys", "-t", pane, "C-u");
}

/** A prompt that its hook took, as its receipt says, and that no transcript ever shows. */
async function withoutTranscript(world: World, agent: string, mid: string) {
  await keys(world, agent, "draft");
  await isShown(world, agent, "> draft");
  await send(world, agent, mid);
  await waitsBecause(world, mid, "draft");
  writeFileSync(join(world.home.agents, agent, "receipts", "1", mid), "{}");
  await keys(world, agent, "\x15");
}

const SENT: Way = {};
const CLEARED: Way = { round: overStaleText };
const WITHDRAWN: Way = { round: intoDraft, also: [1, 3, 5].map((pass) => `after message.typing:${pass}:stop`) };
const UNCERTAIN: Way = { round: withoutTranscript, end: "uncertain" };

/** A point without its way does not compile. */
const WAYS: Record<(typeof FAULT_POINTS.message)[number], Way> = {
  "letter.stored": SENT,
  "before message.typing": SENT,
  "after message.typing": SENT,
  "before paste": SENT,
  "after paste": SENT,
  "before enter": SENT,
  "after enter": SENT,
  "before message.delivered": SENT,
  "after message.delivered": SENT,
  "before clear": CLEARED,
  "after clear": CLEARED,
  "before message.waiting": WITHDRAWN,
  "after message.waiting": WITHDRAWN,
  "before message.uncertain": UNCERTAIN,
  "after message.uncertain": UNCERTAIN,
};

const hasEnded = (world: World, mid: string) =>
  until(`${mid} has ended`, async () => !["queued", "typing"].includes((await messageOf(world, mid)).state));

/** Comes back after the kill; how soon is measured in bench/cold.ts. */
async function reboot(world: World, what: string): Promise<void> {
  await until(`the daemon dies at ${what}`, () => !world.isUp());
  await world.boot();
}

/** One message after the other until the daemon dies of one; then all of them again, by the same ids. */
async function sendAcross(world: World, agent: string, way: Way, what: string): Promise<string[]> {
  const begun: string[] = [];
  for (const round of PASSES) {
    const mid = midOf(round);
    begun.push(mid);
    const isOver = await (way.round ?? send)(world, agent, mid)
      .then(() => hasEnded(world, mid))
      .catch((error) => {
        if (error.code !== "unreachable") throw error;
      });
    if (!isOver) break;
  }
  await reboot(world, what);
  for (const round of PASSES) await send(world, agent, midOf(round));
  await keys(world, agent, "\x15");
  for (const round of PASSES) await hasEnded(world, midOf(round));
  return begun;
}

async function dieAt(point: (typeof FAULT_POINTS.message)[number], pass: number): Promise<void> {
  const world = new World();
  const way = WAYS[point];
  try {
    await world.boot();
    const agent = await readyAgent(world);
    const before = await agentOf(world, agent);
    const viewer = view(world.client);
    await until("somebody looks", () => viewer.seqs.length > 0);
    await world.kill();
    await world.boot({ MUSTER_FAULT: [...(way.also ?? []), `${point}:${pass}`].join(",") });
    const begun = await sendAcross(world, agent, way, `${point}, pass ${pass}`);
    const mids = PASSES.map(midOf);
    const ends = mids.map((mid) => (begun.includes(mid) ? (way.end ?? "delivered") : "delivered"));
    expect(await Promise.all(mids.map(async (mid) => (await messageOf(world, mid)).state))).toEqual(ends);
    expect(await arrivals(world, agent, mids)).toEqual(ends.map((end) => Number(end === "delivered")));
    const delivered = factsOf(world, "message.delivered").map(({ mid }) => mid);
    expect(delivered.filter((mid) => mids.includes(mid))).toEqual(mids.filter((_, at) => ends[at] === "delivered"));
    const { pid, pane, incarnation } = await agentOf(world, agent);
    expect({ pid, pane, incarnation }).toEqual({ pid: before.pid, pane: before.pane, incarnation: 1 });
    const { seq } = await world.state();
    await until("the viewer has caught up", () => (viewer.seqs.at(-1) ?? 0) >= seq);
    await viewer.end();
    const [first = 0] = viewer.seqs;
    expect(viewer.seqs).toEqual(viewer.seqs.map((_, at) => first + at));
    expect(viewer.snapshots).toBe(1);
  } finally {
    await world.end();
  }
}

async function openAcross(point: string, pass: number): Promise<void> {
  const world = new World();
  try {
    await world.boot({ MUSTER_FAULT: `${point}:${pass}` });
    for (const _ of PASSES) await world.start("SAY: ready").catch(() => {});
    await reboot(world, `${point}, pass ${pass}`);
    const hired = async () => Object.keys((await world.state()).agents);
    while ((await hired()).length < PASSES.length) await world.start("SAY: ready");
    const agents = await hired();
    for (const agent of agents) {
      const { mid = "" } = (await world.state()).jobs[agent] ?? {};
      await hasEnded(world, mid);
      expect(await arrivals(world, agent, [mid])).toEqual([1]);
      expect((await agentOf(world, agent)).incarnation).toBe(1);
    }
    expect(
      factsOf(world, "terminal.opening")
        .map(({ agent }) => agent)
        .sort(),
    ).toEqual(agents.toSorted());
    const panes = (await tmux(world, "list-panes", "-a", "-F", "#{session_name}")).out.trim().split("\n");
    expect(panes.filter((name) => name !== "muster_keeper").sort()).toEqual(agents.map((id) => `muster-${id}`).sort());
  } finally {
    await world.end();
  }
}

/** Three clears, one after the other; a clear that was asked for happens once. */
async function clearAcross(point: string, pass: number): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    const agent = await readyAgent(world);
    await world.kill();
    await world.boot({ MUSTER_FAULT: `${point}:${pass}` });
    const asked = () => factsOf(world, "control.requested").length;
    const sessions = () => new Set(factsOf(world, "session.started").map(({ session }) => session)).size;
    const clear = async () => {
      await world.client.post(`/api/actions/jobs/${agent}/clear`, {});
      await until("it was typed", async () => (await agentOf(world, agent)).controls.length === 0);
      await until("its session began", () => sessions() === 1 + asked());
    };
    for (const _ of PASSES) {
      const isOver = await clear().catch((error) => error.code !== "unreachable" && Promise.reject(error));
      if (isOver === false) break;
    }
    await reboot(world, `${point}, pass ${pass}`);
    await until("what was asked for is done", async () => (await agentOf(world, agent)).controls.length === 0);
    const mid = await world.send(agent, "SAY: still there");
    await hasEnded(world, mid);
    expect((await messageOf(world, mid)).state).toBe("delivered");
    expect(asked()).toBe(pass);
    expect(sessions()).toBe(1 + pass);
  } finally {
    await world.end();
  }
}

for (const point of FAULT_POINTS.control) {
  test(`F1 the daemon killed at "${point}", the first, second or third time, clears once for each time it was asked`, async () => {
    await Promise.all(PASSES.map((pass) => clearAcross(point, pass)));
  }, 60_000);
}

for (const point of FAULT_POINTS.message) {
  test(`F1 the daemon killed at "${point}", the first, second or third time, loses and doubles nothing`, async () => {
    await Promise.all(PASSES.map((pass) => dieAt(point, pass)));
  }, 60_000);
}

for (const point of FAULT_POINTS.terminal) {
  test(`F1 the daemon killed at "${point}", the first, second or third time, opens each terminal once`, async () => {
    await Promise.all(PASSES.map((pass) => openAcross(point, pass)));
  }, 60_000);
}

describe("F1 every fault point has its crash test", () => {
  const sources = sourcesIn(join(ROOT, "src")).filter(({ path }) => !isTest(path));

  test("no code can name a point that is not in the list", () => {
    const declared = sources.flatMap(({ path, text }) =>
      [...codeOf(text).matchAll(/faultPoint\??\(name: ([^)]*)\)/g)].map(([, type]) => `${path}: ${type}`),
    );
    expect(declared.length).toBeGreaterThan(4);
    expect(declared.filter((one) => !one.endsWith(": FaultPoint"))).toEqual([]);
    expect(sources.filter(({ text }) => /as (unknown as )?FaultPoint\b/.test(text)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  test("every kind of point in the list is gone through by crash tests", () => {
    const tests = ["journeys", "crashes"].flatMap((folder) => sourcesIn(join(ROOT, "test", folder)));
    const killed = tests
      .filter(({ path }) => isTest(path))
      .map(({ text }) => text)
      .join("\n");
    const kinds = Object.keys(FAULT_POINTS).filter((kind) => !killed.includes(`of FAULT_POINTS.${kind})`));
    expect(kinds.filter((kind) => !killed.includes(`FAULT_POINTS.${kind}.flatMap`))).toEqual([]);
  });
});
