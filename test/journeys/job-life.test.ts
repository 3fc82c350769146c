import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobDetail, Page, ToolCallRow } from "../../src/core/history/api.ts";
import { agentOf, factsOf, isIdle, muster, promptsOf, readyAgent } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
const ended = (id: string, what = "completed") =>
  until(`job ${id} is ${what}`, async () => (await world.state()).jobs[id]?.outcome === what);
const fileOf = (name: string) => join(world.home.jobs, name);
const record = (id: string) => JSON.parse(readFileSync(fileOf(`${id}.json`), "utf8"));
const filesOf = (id: string) =>
  readdirSync(world.home.jobs)
    .filter((name) => name.startsWith(id))
    .sort();
const json = async (...args: string[]) => JSON.parse((await muster(world, ...args, "--json")).out);

beforeAll(() => world.boot());
afterAll(() => world.end());

test("A19 reuse clears, then types the new prompt in the same terminal; the job before keeps its outcome, log and tokens", async () => {
  const id = await world.start("USAGE: 5000\nSAY: first work");
  await ended(id);
  await isIdle(world, id);
  const before = await agentOf(world, id);
  const reused = await muster(world, "reuse", id, "SAY: second work");
  expect(reused.out).toStartWith(`Job started: ${id}#2\n`);
  await ended(`${id}#2`);
  const after = await agentOf(world, id);
  expect([after.pane, after.pid, after.incarnation]).toEqual([before.pane, before.pid, 1]);
  expect(after.session).not.toBe(before.session);
  expect(await promptsOf(world, id)).toEqual([expect.stringContaining("second work")]);
  const types = factsOf(world, "control.finished").map(({ seq, action, ok }) => ({ seq, action, ok }));
  const clear = types.findLast(({ action }) => action === "clear");
  expect(clear?.ok).toBe(true);
  const mid = (await world.state()).jobs[`${id}#2`]?.mid;
  expect(factsOf(world, "message.typing").find((fact) => fact.mid === mid)?.seq).toBeGreaterThan(clear?.seq ?? 0);
  expect(await json("status", `${id}#1`)).toMatchObject({ id: `${id}#1`, state: "completed", summary: "first work" });
  expect(await json("status", id)).toMatchObject({ id: `${id}#2`, state: "idle", summary: "second work" });
  const [first, second] = [await muster(world, "output", `${id}#1`), await muster(world, "output", `${id}#2`)];
  expect([first.out.includes("first work"), first.out.includes("second work")]).toEqual([true, false]);
  expect([second.out.includes("first work"), second.out.includes("second work")]).toEqual([false, true]);
  expect(await json("usage", `${id}#1`)).toMatchObject({ job: id, contextTokens: expect.any(Number) });
  expect((await muster(world, "capture", `${id}#1`)).code).toBe(73);
  await until("the record says so", () => existsSync(fileOf(`${id}#1.json`)) && record(id).completed_at);
  expect(record(id)).toMatchObject({ id: `${id}#2`, reuse_count: 1, runs: [{ id: `${id}#1`, outcome: "completed" }] });
  expect(readFileSync(fileOf(`${id}.prompt`), "utf8")).toBe("SAY: second work");
  expect(readFileSync(fileOf(`${id}#1.prompt`), "utf8")).toContain("first work");
}, 20_000);

test("A19 an agent at work is not reused, unless --force interrupts it: then its job failed", async () => {
  const id = await world.start("DELAY: 60000");
  await until("it works", async () => (await agentOf(world, id)).activity === "busy");
  const refused = await muster(world, "reuse", id, "SAY: next");
  expect([refused.code, refused.err]).toEqual([
    73,
    `muster: reuse: agent ${id} is busy; wait for it, or --force interrupts\n`,
  ]);
  expect((await muster(world, "reuse", id, "SAY: next", "--force")).out).toStartWith(`Job started: ${id}#2`);
  await ended(`${id}#2`);
  expect((await world.state()).jobs[id]).toMatchObject({ outcome: "failed", reason: `given up for ${id}#2` });
  expect(await promptsOf(world, id)).toEqual([expect.stringContaining("SAY: next")]);
}, 20_000);

test("A19 what cannot be reused is refused: an ended agent, an unknown one, an empty prompt", async () => {
  const id = await readyAgent(world);
  await muster(world, "kill", id);
  const cases: [args: string[], code: number, says: RegExp][] = [
    [[id, "x"], 73, /has no program any more/],
    [["ffffffff", "x"], 66, /no agent or job ffffffff/],
    [[id, " "], 64, /the prompt is empty/],
  ];
  for (const [args, code, says] of cases) {
    const refused = await muster(world, "reuse", ...args);
    expect([refused.code, refused.err]).toEqual([code, expect.stringMatching(says)]);
  }
});

test("A18 clear has the CLI begin another conversation; usage tells what is known, and in words what is not", async () => {
  const id = await readyAgent(world);
  const { session } = await agentOf(world, id);
  expect((await muster(world, "clear", id)).out).toBe(`cleared ${id}\n`);
  expect((await agentOf(world, id)).session).not.toBe(session);
  const fresh = await world.start("DELAY: 60000");
  const { out } = await muster(world, "usage", fresh);
  expect(out).toMatch(/context +unknown: its CLI has not told/);
  expect(out).toMatch(/cost +unknown/);
  expect((await muster(world, "usage", id)).out).toMatch(/context +\d+ of 200000 tokens \(\d+ %\)/);
});

test("A14 A41 session tells a job's conversation and what it came to, and its history, also when its CLI's own file is gone", async () => {
  const id = await world.start("WRITE: made.txt hello\nSAY: written");
  await ended(id);
  await until("its transcript is kept", () => existsSync(fileOf(`${id}.transcript.jsonl`)));
  const view = await json("session", id);
  expect(view.account).toMatchObject({
    messages: { user: 1 },
    tools: { Write: 1 },
    failedTools: 0,
    summary: "written",
  });
  expect(view.account.files[0]).toEndWith("made.txt");
  const past = () => world.client.get<JobDetail>(`/api/db/jobs/${id}`);
  // Its last words stand in its row before its conversation was read.
  await until("its history knows it", async () => (await past()).messages === 2);
  expect(await past()).toMatchObject({
    ...{ wholePrompt: "WRITE: made.txt hello\nSAY: written", toolCalls: 1, primaryTool: "Write", filesModified: 1 },
    ...{ outcome: "completed", session: view.session, tokensIn: expect.any(Number), messages: 2, removedAt: null },
  });
  const calls = await world.client.get<Page<ToolCallRow>>(`/api/db/tool-calls?job_id=${id}`);
  expect(calls.rows).toMatchObject([{ name: "Write", isError: false, file: view.account.files[0] }]);
  const text = (await muster(world, "session", id)).out;
  expect(text).toMatch(/tool {2}Write .*made\.txt/);
  expect(text).toMatch(/summary +written/);
  await muster(world, "kill", id);
  await until("it is gone", async () => (await agentOf(world, id)).activity === "exited");
  const own = (await agentOf(world, id)).transcript ?? "";
  await until("the copy is whole", () => statSync(fileOf(`${id}.transcript.jsonl`)).size === statSync(own).size);
  Bun.spawnSync(["rm", own]);
  expect((await json("session", id)).account).toMatchObject({ tools: { Write: 1 }, summary: "written" });
  const unknown = await muster(world, "session", await world.start("x", { command: "sleep 100" }));
  expect([unknown.code, unknown.err]).toEqual([66, expect.stringContaining("no transcript of")]);
});

test("A40 the home is private and holds prices, the daemon's process id, and what was switched on", async () => {
  const { folder, prices, pid, prefs } = world.home;
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const path of [prices, pid, prefs]) expect(statSync(path).mode & 0o777).toBe(0o600);
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
  expect([read(prices).date, read(pid)]).toEqual([
    expect.stringMatching(/^\d{4}-/),
    (await world.client.get<{ pid: number }>("/api/health")).pid,
  ]);
  await muster(world, "pulse", "start");
  await until("it is switched on", () => read(prefs).pulse_enabled === true);
  await muster(world, "pulse", "stop");
  await until("it is switched off", () => read(prefs).pulse_enabled === false);
  expect(read(prefs)).toEqual({ pulse_enabled: false, auto_respawn: false });
});

test("A15 A-fault 27: an end by --completed counts as completed, and a finished job keeps its status", async () => {
  const [open, done] = [await world.start("DELAY: 60000"), await readyAgent(world)];
  await until("it works", async () => (await agentOf(world, open)).activity === "busy");
  await muster(world, "kill", open, "--completed");
  await muster(world, "kill", done);
  const failed = await world.start("DELAY: 60000");
  await muster(world, "kill", failed);
  const statuses = await Promise.all([open, done, failed].map((id) => json("status", id)));
  expect(statuses.map(({ status, reason }) => [status, reason])).toEqual([
    ["completed", "killed by user"],
    ["completed", ""],
    ["failed", "killed by user"],
  ]);
});

test("A17 A-fault 27: delete ends an agent and leaves no file with its id; the ledger keeps what happened", async () => {
  const id = await world.start("DELAY: 60000");
  await until("it works", async () => (await agentOf(world, id)).activity === "busy");
  await until("its files are there", () => existsSync(fileOf(`${id}.json`)));
  const { pid = 0 } = await agentOf(world, id);
  expect((await muster(world, "delete", id.slice(0, 6))).out).toBe(`deleted ${id}\n`);
  const named = readdirSync(world.home.folder, { recursive: true }).filter((name) => String(name).includes(id));
  expect(named).toEqual([]);
  expect(() => process.kill(pid, 0)).toThrow();
  expect((await muster(world, "status", id)).code).toBe(66);
  expect((await muster(world, "ledger", "--about", id)).out).toContain("its files are removed");
  expect((await muster(world, "delete", id)).code).toBe(66);
});

test("A16 A85 clean removes jobs that ended long enough ago, with all their files, and keeps open terminals", async () => {
  const [old, open] = [await readyAgent(world), await readyAgent(world)];
  await muster(world, "kill", old);
  await until("it is gone", async () => (await agentOf(world, old)).activity === "exited");
  expect((await json("clean")).agents).toEqual([]);
  const dry = await json("clean", "--days", "0", "--dry-run");
  expect([dry.agents.includes(old), dry.living.includes(open)]).toEqual([true, true]);
  expect(filesOf(old).length).toBeGreaterThan(0);
  expect((await muster(world, "clean", "--days", "0")).out).toContain(old);
  expect([filesOf(old), filesOf(open).length > 0]).toEqual([[], true]);
  const kept = await world.client.get<JobDetail>(`/api/db/jobs/${old}`);
  expect([kept.outcome, kept.removedAt]).toEqual(["completed", expect.any(Number)]);
  expect((await muster(world, "clean", "--days", "x")).code).toBe(64);
});

test("A31 A32 a job's files are copies, each whole and private, and come again when they are lost", async () => {
  const id = await readyAgent(world, "SAY: kept");
  const files = [".json", ".log", ".prompt", ".transcript.jsonl"].map((end) => id + end);
  const areThere = () => Bun.deepEquals(filesOf(id), files);
  await until("all are there, and no draft of one", areThere);
  for (const name of files) expect([name, statSync(fileOf(name)).mode & 0o777]).toEqual([name, 0o600]);
  await until("it is idle on disk", () => record(id).state === "idle");
  expect(record(id)).toMatchObject({
    ...{ id, status: "completed", prompt: "SAY: kept", agent: "standin", sandbox: "workspace-write", team: null },
    ...{ tmux_session: `muster-${id}`, exit_code: null, error: null, result_summary: "kept", outcome: "completed" },
    ...{ reuse_count: 0, original_prompt: "SAY: kept", runs: [], depends_on: [], cwd: world.folder },
  });
  Bun.spawnSync(["rm", fileOf(`${id}.json`), fileOf(`${id}.prompt`), fileOf(`${id}.transcript.jsonl`)]);
  await world.kill();
  await world.boot();
  await until("all are there again", areThere);
  expect(readFileSync(fileOf(`${id}.prompt`), "utf8")).toBe("SAY: kept");
}, 20_000);

test("A113 wait ends when all jobs have, or any; 1 when one failed or the time is over", async () => {
  const scenario = join(world.folder, "wait.json");
  writeFileSync(
    scenario,
    JSON.stringify([
      { when: "crash", do: [{ crash: 3 }] },
      { when: "", do: [{ say: "done" }] },
    ]),
  );
  const start = (prompt: string) => world.start(prompt, { agent: `mock:${scenario}` });
  const [done, crash, long] = [await start("fine"), await start("crash"), await world.start("DELAY: 60000")];
  const all = await muster(world, "wait", done, crash);
  expect([all.code, all.out]).toEqual([1, `${done} completed: done\n${crash} failed: exit code 3\n`]);
  expect((await muster(world, "wait", done)).code).toBe(0);
  const any = await muster(world, "wait", long, done, "--any");
  expect([any.code, any.out]).toEqual([0, `${done} completed: done\n`]);
  const late = await muster(world, "wait", long, "--timeout", "0.1");
  expect([late.code, late.err]).toEqual([1, expect.stringMatching(/not ended in time: \S+ is (running|starting)/)]);
  expect((await muster(world, "wait", "ffffffff")).code).toBe(66);
  expect((await muster(world, "wait", long, "--timeout", "soon")).code).toBe(64);
});

test("A35 a terminal that is silent too long makes its job need a person, with its last lines; nothing is ended", async () => {
  writeFileSync(world.home.config, "job:\n  silence_minutes: 0.01\n");
  await until("the daemon has read it", async () => (await world.state()).config.silenceMinutes === 0.01);
  const id = await world.start("SAY: before\nHANG: 2500\nSAY: after");
  await until("it needs a person", async () => (await json("status", id)).state === "needs_user");
  const told = await muster(world, "status", id);
  expect(told.out).toContain("before");
  expect(told.out).toMatch(/silent for/);
  await ended(id);
  const job = (await world.state()).jobs[id];
  expect([job?.stalled, job?.summary]).toEqual([undefined, "after"]);
}, 20_000);
