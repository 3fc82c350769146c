import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, ran } from "../../../test/fakes/call.ts";
import { command } from "../doctor.ts";

const root = mkdtempSync(join(tmpdir(), "muster-army-"));
const page = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("page") });
afterAll(async () => {
  await page.stop(true);
  rmSync(root, { recursive: true, force: true });
});

let home: string;
let env: Record<string, string>;
beforeEach(() => {
  home = mkdtempSync(join(root, "home-"));
  const bin = join(home, "bin");
  for (const folder of [bin, join(home, "jobs")]) mkdirSync(folder);
  for (const [name, says] of [
    ["git", "git version 2"],
    ["tmux", "tmux 3.4"],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  env = { PATH: bin, HOME: home };
  writeFileSync(join(home, "endpoint.json"), JSON.stringify({ url: `http://127.0.0.1:${page.port}` }));
});
afterEach(() => rmSync(home, { recursive: true }));

const job = (more: object) => ({
  agent: "0a1b2c3d",
  state: "running",
  pane: "%1",
  startedAt: Date.now() - 3_600_000,
  detail: "",
  ...more,
});
const calm = { queue: { tasks: {}, last: 0 }, leads: {}, agents: {} };

async function findings({ jobs = [] as object[], state = {} as object } = {}) {
  const { client } = fakeDaemon({ "/api/jobs": jobs, "/api/state": { state: { ...calm, ...state } } });
  const { out, code } = await ran(command, { words: ["army"], home, env, client, isJson: true });
  const all = JSON.parse(out).findings as { name: string; ok: boolean | null; detail: string }[];
  return { code, of: (name: string) => all.find((finding) => finding.name === name) };
}

/** A terminal's record that last grew so many minutes ago. */
function record(agent: string, minutes: number): void {
  const path = join(home, "jobs", `${agent}.log`);
  writeFileSync(path, "x");
  const at = Date.now() / 1000 - minutes * 60;
  utimesSync(path, at, at);
}

test("A112 where all is well every question is answered, and the exit code is 0", async () => {
  record("0a1b2c3d", 1);
  const { code, of } = await findings({ jobs: [job({})] });
  expect(code).toBe(0);
  for (const name of ["start", "dashboard", "stuck", "queue", "terminals", "clearing"])
    expect([name, of(name)?.ok]).toEqual([name, true]);
  expect(of("hooks")?.ok).toBe(null);
});

test("A112 nothing starts: the cause is the missing program, and no daemon is asked", async () => {
  rmSync(join(home, "bin/tmux"));
  const { code, of } = await findings();
  expect([code, of("start")?.ok, of("queue")]).toEqual([1, false, undefined]);
  expect(of("start")?.detail).toMatch(/tmux: not in PATH.*next: muster health$/);
});

test("A112 an agent that printed nothing for ten minutes is stuck, one that waits for the person is not", async () => {
  record("0a1b2c3d", 11);
  record("11111111", 60);
  const waiting = job({ agent: "11111111", state: "needs_user", detail: "permission: Bash" });
  const { code, of } = await findings({ jobs: [job({ tool: "Bash" }), waiting] });
  expect(code).toBe(1);
  expect(of("stuck")?.detail).toBe(
    "0a1b2c3d printed nothing for 11 minutes in Bash; next: muster capture 0a1b2c3d, muster why 0a1b2c3d",
  );
  expect(of("waiting")?.detail).toContain("11111111 waits for you: permission: Bash; next: muster attach 11111111");
});

test("A112 a living terminal without its record does not stream", async () => {
  const { code, of } = await findings({ jobs: [job({ state: "idle" })] });
  expect([code, of("terminals")?.ok]).toEqual([1, false]);
  expect(of("terminals")?.detail).toContain("no record of 0a1b2c3d");
});

test("A112 tasks that wait for a lead while none is there are named with the command that starts one", async () => {
  const task = (isDirect: boolean) => ({ task: 1, state: "pending", order: { isDirect } });
  const queue = { tasks: { 1: task(false) }, last: 1 };
  expect((await findings({ state: { queue } })).of("queue")?.detail).toContain("next: muster orchestrator start");
  expect((await findings({ state: { queue: { tasks: { 1: task(true) }, last: 1 } } })).of("queue")?.ok).toBe(true);
  const leads = { orch: { isWanted: true, tags: [], opens: 1, notes: "" } };
  expect((await findings({ state: { queue, leads } })).of("queue")?.ok).toBe(true);
});

test("A112 a clear of the lead that came to nothing, and a context that nobody measures, are told", async () => {
  const lead = { isWanted: true, opens: 1, notes: "", unclearedAt: Date.now() - 300_000 };
  const failed = await findings({ state: { leads: { orch: lead } } });
  expect([failed.code, failed.of("clearing")?.detail]).toEqual([
    1,
    expect.stringContaining("5 minutes ago, came to nothing"),
  ]);
  const blind = await findings({ state: { leads: { orch: { ...lead, unclearedAt: undefined } } } });
  expect([blind.code, blind.of("clearing")?.ok]).toEqual([0, null]);
});

test("A112 a page that nobody serves is told with what was tried", async () => {
  writeFileSync(join(home, "endpoint.json"), JSON.stringify({ url: "http://127.0.0.1:1" }));
  const { code, of } = await findings();
  expect([code, of("dashboard")?.detail]).toEqual([1, expect.stringContaining("next: muster stop --daemon")]);
});

test("A112 a daemon that does not answer is the cause, with its own words", async () => {
  const { out, code } = await ran(command, { words: ["army"], home, env });
  expect(code).toBe(1);
  expect(out).toContain("the daemon does not answer; next: tail ");
});
