import { expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openClient } from "../../src/client/client.ts";
import { agentToken } from "../../src/server/tokens.ts";
import {
  agentOf,
  arrivals,
  factsOf,
  isDelivered,
  isIdle,
  keys,
  messageOf,
  muster,
  promptsOf,
  readyAgent,
  screenOf,
  tmux,
  waitsBecause,
} from "./look.ts";
import { until, World } from "./world.ts";

async function inWorld(play: (world: World) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const world = new World();
  try {
    await world.boot(env);
    await play(world);
  } finally {
    await world.end();
  }
}

async function team(world: World): Promise<string[]> {
  const order = { repo: world.folder, name: "pair", peerA: { driver: "standin" }, peerB: { driver: "standin" } };
  const { agents } = await world.client.post<{ agents: string[] }>("/api/teams", order);
  await until("both have read their SYSTEM", async () => {
    const { messages } = await world.state();
    return Object.values(messages).filter(({ state }) => state === "delivered").length === 2;
  });
  return agents;
}

const isAt = (world: World, agent: string, incarnation: number): Promise<true> =>
  until(`run ${incarnation} of ${agent} is idle`, async () => {
    const found = await agentOf(world, agent);
    return found.incarnation === incarnation && found.activity === "idle";
  }) as Promise<true>;

for (const how of ["kill-server by an agent", "SIGKILL"]) {
  test(`F5 after the end of tmux (${how}) all agents are lost at once, and members of teams come back`, async () => {
    await inWorld(async (world) => {
      const members = await team(world);
      const go = join(world.folder, "go");
      const solo = await world.start(`RUN: until [ -e ${go} ]; do sleep 0.02; done; tmux kill-server; sleep 60`);
      await until("the solo works", async () => (await agentOf(world, solo)).activity === "busy");
      const [first = ""] = members;
      const waiting = await Promise.all(members.map((member) => world.send(member, "SAY: after the end")));
      const atSolo = await world.send(solo, "never read");
      await waitsBecause(world, atSolo, "busy");
      const sessions = await Promise.all(members.map(async (member) => (await agentOf(world, member)).session));
      const began = Date.now();
      if (how === "SIGKILL") {
        const [pid] = readFileSync(`${world.home.folder}/tmux.pid`, "utf8").split("\n");
        process.kill(Number(pid), "SIGKILL");
      } else writeFileSync(go, "");
      await until("all are lost", () => factsOf(world, "terminal.lost").length === 3, 5000);
      const lost = Math.max(...factsOf(world, "terminal.lost").map(({ at }) => at)) - began;
      console.log(`F5 ${how}: all lost after ${lost} ms`);
      for (const [index, member] of members.entries()) {
        await isAt(world, member, 2);
        const { session, pid = 0 } = await agentOf(world, member);
        expect(session).toBe(sessions[index]);
        expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain(`--resume\0${session}\0`);
        const mid = waiting[index] ?? "";
        await isDelivered(world, mid);
        expect(await arrivals(world, member, [mid])).toEqual([1]);
      }
      const { jobs, agents, messages } = await world.state();
      expect(jobs[solo]).toMatchObject({ outcome: "lost", reason: "the tmux server was killed" });
      expect(agents[solo]).toMatchObject({ incarnation: 1, activity: "lost" });
      expect(messages[atSolo]).toMatchObject({ state: "dead", reason: `agent ${solo} has ended` });
      await expect(world.send(solo, "x")).rejects.toThrow(`agent ${solo} has ended (the tmux server was killed)`);
      await expect(keys(world, solo, "typed into whose pane?")).rejects.toThrow("has no terminal");
      expect(agents[first]?.crashes).toHaveLength(1);
    });
  }, 60_000);
}

test.concurrent("F5 a member that dies again and again is started three times in ten minutes, then a person is told", async () => {
  await inWorld(async (world) => {
    const [member = ""] = await team(world);
    for (const incarnation of [1, 2, 3, 4]) {
      await isAt(world, member, incarnation);
      expect(factsOf(world, "terminal.captured").map((fact) => fact.incarnation)).toEqual(
        [1, 2, 3].slice(0, incarnation - 1),
      );
      process.kill((await agentOf(world, member)).pid ?? 0, "SIGKILL");
      await until("its end is known", () => factsOf(world, "terminal.exited").length === incarnation);
    }
    const said = await until("a person is told", async () =>
      (await world.state()).notices.find(({ about }) => about === member),
    );
    expect(said).toMatchObject({ level: "error", text: expect.stringContaining("PeerA crashed 4 times") });
    expect(await agentOf(world, member)).toMatchObject({ incarnation: 4, activity: "exited" });
  });
}, 60_000);

for (const [how, code, signal, outcome, reason] of [
  ["CRASH: 0", 0, null, "completed", ""],
  ["CRASH: 1", 1, null, "failed", "exit code 1"],
  ["SIGKILL", null, 9, "failed", "signal 9"],
] as const) {
  test.concurrent(`F6 a program that ends by ${how} ends its job: ${outcome} ${reason}`, async () => {
    await inWorld(async (world) => {
      const last = how === "SIGKILL" ? "DELAY: 60000" : `DELAY: 300\n${how}`;
      const agent = await world.start(`SAY: my last words\n${last}`);
      await until("it works", async () => (await agentOf(world, agent)).activity === "busy");
      const open = await world.send(agent, "too late");
      if (how === "SIGKILL")
        await until("it has said so", async () => (await screenOf(world, agent)).includes("● my last"));
      if (how === "SIGKILL") process.kill((await agentOf(world, agent)).pid ?? 0, "SIGKILL");
      const job = await until("its job has ended", async () => {
        const found = (await world.state()).jobs[agent];
        return found?.outcome && found;
      });
      expect(job).toMatchObject({ outcome, reason });
      expect(factsOf(world, "terminal.exited")).toMatchObject([{ agent, incarnation: 1, code, signal }]);
      expect(await messageOf(world, open)).toMatchObject({ state: "dead", reason: `agent ${agent} has ended` });
      expect(await agentOf(world, agent)).toMatchObject({ activity: "exited", exit: { code, signal }, incarnation: 1 });
      const said = outcome === "failed" ? reason : "exit code 0";
      await expect(world.send(agent, "much too late")).rejects.toThrow(`agent ${agent} has ended (${said})`);
      expect(await world.send(agent, "too late", open)).toBe(open);
      // What it showed last can still be read, also when its terminal is long gone.
      await until("its screen is kept", () => factsOf(world, "terminal.captured").length === 1);
      await tmux(world, "kill-session", "-t", `=muster-${agent}`);
      await world.kill();
      await world.boot();
      const { out } = await muster(world, "capture", agent);
      expect(out.trim().split("\n").length).toBeLessThanOrEqual(50);
      expect(out).toContain("● my last words");
      expect((await muster(world, "output", agent)).out).toContain("my last words");
      expect((await muster(world, "why", agent)).out).toContain("its last screen is kept: muster capture");
    });
  }, 40_000);
}

test.concurrent("F6 A37 what ended while no daemon ran is known at the next start: an exit by its code, a lost terminal as lost", async () => {
  await inWorld(async (world) => {
    const [exits, loses, stays] = [await readyAgent(world), await world.start("DELAY: 60000"), await readyAgent(world)];
    await until("it works", async () => (await agentOf(world, loses)).activity === "busy");
    await world.kill();
    const pane = (id: string) => factsOf(world, "terminal.opened").find(({ agent }) => agent === id)?.pane ?? "";
    await tmux(world, "send-keys", "-t", pane(exits), "-l", "CRASH: 3");
    await tmux(world, "send-keys", "-t", pane(exits), "Enter");
    await tmux(world, "kill-session", "-t", `=muster-${loses}`);
    const isDead = async () => (await tmux(world, "display-message", "-p", "-t", pane(exits), "#{pane_dead}")).out;
    await until("it has crashed", async () => (await isDead()) === "1\n");
    await world.boot();
    expect(await agentOf(world, exits)).toMatchObject({ activity: "exited", exit: { code: 3, signal: null } });
    const gone = "its terminal was gone when the daemon came back";
    expect(await agentOf(world, loses)).toMatchObject({ activity: "lost", detail: gone });
    expect((await world.state()).jobs[loses]).toMatchObject({ outcome: "lost", reason: gone });
    expect(await agentOf(world, stays)).toMatchObject({ activity: "idle", incarnation: 1 });
    await until("its screen is kept", () => factsOf(world, "terminal.captured").length === 1);
  });
}, 40_000);

test.concurrent("F19 who is unknown or has ended gets no message, and open ones die with the reason", async () => {
  await inWorld(async (world) => {
    const unknown = await muster(world, "send", "0badcafe", "hello");
    expect([unknown.code, unknown.err]).toEqual([66, expect.stringContaining("no agent or job 0badcafe")]);
    const agent = await readyAgent(world);
    const busy = await world.send(agent, "DELAY: 60000");
    await isDelivered(world, busy);
    await until("it works", async () => (await agentOf(world, agent)).activity === "busy");
    const open = await world.send(agent, "left over");
    await waitsBecause(world, open, "the agent is busy");
    expect((await muster(world, "kill", agent)).code).toBe(0);
    const ended = await muster(world, "send", agent, "hello");
    expect([ended.code, ended.err]).toEqual([73, expect.stringContaining("has ended (killed by user)")]);
    expect(await messageOf(world, open)).toMatchObject({
      ...{ state: "dead", reason: `agent ${agent} ended: killed by user` },
    });
    const why = await muster(world, "why", open);
    expect(why.out).toContain(`agent ${agent} ended: killed by user`);
    await until("its program is gone", async () => (await agentOf(world, agent)).activity === "exited");
  });
}, 40_000);

test.concurrent("F19 what waits longer than its lifetime dies with the reason; its sender gets it back, and its file goes", async () => {
  await inWorld(
    async (world) => {
      const [ann = "", bob = ""] = await team(world);
      for (const agent of [ann, bob]) await isIdle(world, agent);
      await keys(world, bob, "a draft for hours");
      const secret = readFileSync(world.home.token, "utf8").trim();
      const client = openClient({ socket: world.home.socket, token: agentToken(secret, ann) });
      const { mid } = await client.post<{ mid: string }>("/api/messages", {
        to: "peer",
        text: "Ask(to=peerB): well?\nSAY: are you there",
      });
      const mine = await world.send(bob, "SAY: and from me");
      await waitsBecause(world, mid, "a person's draft stands in the composer");
      const { path = "" } = await messageOf(world, mid);
      expect(existsSync(path)).toBe(true);
      for (const one of [mid, mine])
        await until("it is given up", async () => (await messageOf(world, one)).state === "dead");
      await until("its file is gone", () => !existsSync(path));
      const text = `Message ${mid} to PeerB was not delivered: not delivered within 0 h: a person's draft`;
      await until("its sender has read that", async () => (await promptsOf(world, ann)).join("\n").includes(text));
      const { notices } = await world.state();
      expect(notices).toMatchObject([
        { about: bob, text: expect.stringContaining(`Message ${mine} to PeerB was not`) },
      ]);
      expect((await muster(world, "why", mid)).out).toContain("not delivered within 0 h: a person's draft");
      await keys(world, bob, "\x15");
      const late = await world.send(bob, "SAY: the next one");
      await isDelivered(world, late);
      expect((await promptsOf(world, bob)).join("\n")).not.toContain("are you there");
    },
    { MUSTER_LIFETIME_MS: "3000" },
  );
}, 40_000);
