import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { startDaemon } from "../../src/client/launch.ts";
import { PROMPT_HOOK } from "../../src/drivers/claude-hooks.ts";
import { SPOOL_LIMIT } from "../../src/files/spool.ts";
import { agentToken } from "../../src/server/tokens.ts";
import { arrivals, factsOf, isDelivered, keys, messageOf, muster, readyAgent, tmux, waitsBecause } from "./look.ts";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

async function withAgent(play: (world: World, agent: string) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    await play(world, await readyAgent(world));
  } finally {
    await world.end();
  }
}

const event = (id: string, name = "PostToolUse"): string =>
  `${JSON.stringify({ hook_event_name: name, session_id: "s", tool_name: "Bash", tool_use_id: id })}\n`;

/** As the hooks do it: a file per event. The daemon is not asked. */
function leave(world: World, agent: string, ids: string[], name?: string): void {
  for (const id of ids) writeFileSync(join(world.home.spool, `${agent}.${id}.json`), event(id, name));
}

const idsOf = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

/** Tool use ids of our own events in the table, and the rows they have. */
function rowsOf(world: World, prefix: string): { ids: string[]; rows: Set<number> } {
  const table = new Database(world.home.dashboard, { readonly: true });
  try {
    const found = table.query("SELECT id, json_extract(payload, '$.tool_use_id') AS tool FROM hook_events").all();
    const ours = (found as { id: number; tool: string | null }[]).filter(({ tool }) => tool?.startsWith(prefix));
    return { ids: ours.map(({ tool }) => String(tool)).sort(), rows: new Set(ours.map(({ id }) => id)) };
  } finally {
    table.close();
  }
}

const waiting = (world: World): string[] =>
  readdirSync(world.home.spool, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

async function expectEachOnce(world: World, ids: string[], prefix: string): Promise<void> {
  await until("all are taken in", () => rowsOf(world, prefix).ids.length >= ids.length && waiting(world).length === 0);
  const found = rowsOf(world, prefix);
  expect(found.ids).toEqual([...ids].sort());
  const heard = factsOf(world, "hook.heard").filter(({ row }) => found.rows.has(row));
  expect(heard).toHaveLength(ids.length);
  expect(new Set(heard.map(({ row }) => row)).size).toBe(ids.length);
}

test("F22 A-fault 2: A-fault 3: twenty writers of fifty events each: every event is one row and one fact, and its file goes", async () => {
  await withAgent(async (world, agent) => {
    const script = `i=0; while [ $i -lt 50 ]; do printf '%s' '${event("storm-W-I").trim()}' | sed "s/W/$1/;s/I/$i/" >> "$2.$1-$i.json"; i=$((i+1)); done`;
    const began = performance.now();
    const writers = Array.from({ length: 20 }, (_, at) =>
      Bun.spawn(["sh", "-c", script, "sh", String(at), join(world.home.spool, agent)], { env: world.env() }),
    );
    await Promise.all(writers.map((writer) => writer.exited));
    const ids = writers.flatMap((_, at) => idsOf(`storm-${at}`, 50));
    await expectEachOnce(world, ids, "storm");
    console.log(`F22 1000 events taken in after ${(performance.now() - began).toFixed(0)} ms`);
  });
}, 60_000);

test("F22 A53 A-fault 4: what hooks tell while no daemon runs is taken in at the next start, each once", async () => {
  await withAgent(async (world, agent) => {
    await world.kill();
    const ids = idsOf("down", 300);
    leave(world, agent, ids);
    await world.boot();
    await expectEachOnce(world, ids, "down");
    await world.kill();
    await world.boot();
    await expectEachOnce(world, ids, "down");
  });
}, 60_000);

test("F22 kill -9 in the middle of taking events in loses none and doubles none", async () => {
  await withAgent(async (world, agent) => {
    await world.kill();
    const ids = idsOf("middle", 1000);
    leave(world, agent, ids);
    for (const left of [900, 600, 300]) {
      const daemon = startDaemon(world.home, world.env(), MAIN, ["--port", "0"]);
      await until("it is in the middle", () => waiting(world).length <= left);
      process.kill(daemon.pid, "SIGKILL");
      await until("it is gone", () => daemon.ended() !== null || !isRunning(daemon.pid));
      expect(waiting(world).length).toBeGreaterThan(0);
    }
    await world.boot();
    await expectEachOnce(world, ids, "middle");
  });
}, 60_000);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("F22 of too many waiting events only PreToolUse is dropped, counted in one notice", async () => {
  await withAgent(async (world, agent) => {
    await world.kill();
    const kept = idsOf("kept", 50);
    leave(world, agent, kept);
    leave(world, agent, idsOf("dropped", SPOOL_LIMIT), "PreToolUse");
    await world.boot();
    await expectEachOnce(world, kept, "kept");
    expect(rowsOf(world, "dropped").ids).toEqual([]);
    const said = factsOf(world, "notice.raised").map(({ text }) => text);
    expect(said).toEqual([`too many hook events waited: ${SPOOL_LIMIT} PreToolUse dropped`]);
  });
}, 60_000);

test("F22 an agent whose prompt hook is missing gets each message once, never again; a person is told", async () => {
  await withAgent(async (world, agent) => {
    rmSync(join(world.home.agents, agent, PROMPT_HOOK));
    // While its turn runs, the newest facts about it are those of its delivery.
    const mid = await world.send(agent, "DELAY: 3000\nSAY: without a hook");
    await isDelivered(world, mid);
    expect(await messageOf(world, mid)).toMatchObject({ evidence: "transcript", attempt: 1 });
    const said = `the prompt hook of ${agent} does not work: ${PROMPT_HOOK} is missing`;
    expect(factsOf(world, "notice.raised").map(({ text }) => text)).toEqual([expect.stringContaining(said)]);
    expect((await muster(world, "why", agent)).out).toContain(said);
    await world.kill();
    // Between paste and Enter somebody takes the text away: nobody can say whether it was sent.
    await world.boot({ MUSTER_FAULT: "before enter:1:stop" });
    const lost = await world.send(agent, "SAY: taken away");
    await until("it stands still", () => /\) T /.test(readFileSync(`/proc/${world.pid}/stat`, "latin1")));
    const pane = factsOf(world, "terminal.opened").at(-1)?.pane ?? "";
    await tmux(world, "send-keys", "-t", pane, "C-u");
    process.kill(world.pid, "SIGCONT");
    await until("it is uncertain", async () => (await messageOf(world, lost)).state === "uncertain");
    expect((await messageOf(world, lost)).attempt).toBe(1);
    expect(await arrivals(world, agent, [mid, lost])).toEqual([1, 0]);
  });
}, 40_000);

test("S46 a receipt that nobody's prompt hook left, and one of another agent, make nothing delivered", async () => {
  await withAgent(async (world, agent) => {
    const other = await readyAgent(world);
    await keys(world, agent, "draft");
    const mid = await world.send(agent, "SAY: real");
    await waitsBecause(world, mid, "draft");
    const receipts = (id: string) => join(world.home.agents, id, "receipts", "1");
    writeFileSync(join(receipts(other), mid), "forged");
    // Under runs that were never, and for a message that is none.
    for (const run of ["0", "2", "99", "x"]) {
      mkdirSync(join(world.home.agents, agent, "receipts", run), { recursive: true });
      writeFileSync(join(world.home.agents, agent, "receipts", run, mid), "forged");
    }
    writeFileSync(join(receipts(agent), "muster-1700000000-000000"), "forged");
    mkdirSync(join(world.home.agents, other, "seen"), { recursive: true });
    writeFileSync(join(world.home.agents, other, "seen", mid), "");
    // A prompt hook's words for the other's message, under either name.
    const prompt = {
      hook_event_name: "UserPromptSubmit",
      session_id: "s",
      prompt: `From user ⟦m:${mid}⟧ x ⟦/m:${mid}⟧`,
    };
    for (const id of [agent, other])
      writeFileSync(join(world.home.spool, `${id}.forged.json`), `${JSON.stringify(prompt)}\n`);
    await until("the forged hooks are heard", () => waiting(world).length === 0);
    expect(await messageOf(world, mid)).toMatchObject({ state: "queued", attempt: 0 });
    await keys(world, agent, "\x15");
    await isDelivered(world, mid);
    expect(await messageOf(world, mid)).toMatchObject({ evidence: "transcript" });
    await keys(world, other, "draft");
    const held = await world.send(other, "SAY: never typed");
    await waitsBecause(world, held, "draft");
    writeFileSync(join(receipts(other), held), "forged");
    await keys(world, other, "\x15");
    await waitsBecause(world, held, "its transcript never showed it");
    expect(await messageOf(world, held)).toMatchObject({ state: "uncertain", attempt: 0 });
    expect(factsOf(world, "message.delivered").map((fact) => fact.mid)).not.toContain(held);
  });
}, 40_000);

test("S46 no route takes hooks or receipts in", async () => {
  await withAgent(async (world, agent) => {
    // What its own status line tells may still be on its way.
    const heard = () =>
      factsOf(world, "hook.heard").filter(({ event }) => event === "Stop" || event === "UserPromptSubmit").length;
    const before = heard();
    for (const path of [
      ...["/api/hook-events", "/api/hooks", `/api/hooks/${agent}`, `/api/jobs/${agent}/hooks`, "/api/receipts"],
      ...[`/api/actions/jobs/${agent}/hooks`, `/api/actions/jobs/${agent}/receipt`, "/hooks", "/api/events"],
    ]) {
      const body = JSON.stringify({ agent, hook_event_name: "Stop" });
      const answer = await fetch(`http://muster${path}`, {
        ...{ method: "POST", body, headers: { "content-type": "application/json" }, unix: world.home.socket },
      });
      expect(`${path} ${answer.status}`).toMatch(/ 40[45]$/);
    }
    // With an agent's own token, a payload of 10 MB, and a thousand at once.
    const { url } = JSON.parse(readFileSync(world.home.endpoint, "utf8")) as { url: string };
    const secret = readFileSync(world.home.token, "utf8").trim();
    const headers = { "content-type": "application/json", authorization: `Bearer ${agentToken(secret, agent)}` };
    const post = async (body: string) =>
      (await fetch(`${url}/api/hook-events`, { method: "POST", headers, body })).status;
    expect([404, 413]).toContain(await post(JSON.stringify({ agent, text: "x".repeat(10_000_000) })));
    const body = JSON.stringify({ agent, hook_event_name: "UserPromptSubmit" });
    for (let round = 0; round < 10; round++) {
      const statuses = await Promise.all(Array.from({ length: 100 }, () => post(body)));
      expect(new Set(statuses)).toEqual(new Set([404]));
    }
    expect(heard()).toBe(before);
    expect(factsOf(world, "turn.ended")).toHaveLength(1);
  });
}, 40_000);

test("S46 A-fault 3: what is no hook's file is set aside with one notice, however much comes, and hooks go on being heard", async () => {
  await withAgent(async (world, agent) => {
    const at = (name: string) => join(world.home.spool, name);
    const hook = (name: string) => at(`${agent}.${name}.json`);
    symlinkSync(world.home.token, hook("link"));
    linkSync(world.home.token, hook("hard"));
    mkdirSync(hook("folder"));
    Bun.spawnSync(["mkfifo", hook("fifo")]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(hook("socket"), done));
    writeFileSync(hook("huge"), `{"hook_event_name":"Stop","text":"${"x".repeat(10_000_000)}"}\n`);
    writeFileSync(hook("list"), "[1]\n");
    writeFileSync(at("ffffffff.nobody.json"), event("nobody-0"));
    writeFileSync(at("e\u001bsc.json"), event("escape-0"));
    writeFileSync(at("../spool/-rf"), event("flag-0"));
    writeFileSync(Buffer.concat([Buffer.from(`${world.home.spool}/`), Buffer.from([0xff, 0xfe])]), event("bytes-0"));
    for (let n = 0; n < 1000; n++) writeFileSync(at(`garbage-${n}`), "x");
    const ids = idsOf("true", 20);
    leave(world, agent, ids);
    await expectEachOnce(world, ids, "true");
    await until(
      "nothing is left",
      () => readdirSync(world.home.spool).join() === "claimed" && readdirSync(at("claimed")).length === 0,
    );
    for (const prefix of ["nobody", "escape", "flag", "bytes"]) expect(rowsOf(world, prefix).ids).toEqual([]);
    const told = factsOf(world, "notice.raised");
    expect(told).toHaveLength(1);
    expect(told[0]?.text).not.toContain("\u001b");
    expect(readFileSync(world.home.token, "utf8")).toMatch(/^\S{43}\n$/);
    server.close();
  });
}, 40_000);
