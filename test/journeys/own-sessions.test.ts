import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentOf, factsOf, muster, readyAgent } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
let settings: { hooks: Record<string, { hooks: { command: string }[] }[]> };

beforeAll(async () => {
  await world.boot();
  const { code } = await muster(world, "setup-hooks", "--yes");
  expect(code).toBe(0);
  settings = JSON.parse(readFileSync(join(world.folder, ".claude/settings.json"), "utf8"));
});
afterAll(() => world.end());

/** Runs a hook as the CLI does: its command in a shell, the payload on standard input. Gives the exit code. */
function hook(event: string, more: Record<string, unknown>): Promise<number> {
  const command = settings.hooks[event]?.[0]?.hooks[0]?.command ?? "";
  const payload = JSON.stringify({ session_id: "s", cwd: "/r", hook_event_name: event, ...more });
  const env = world.env();
  return Bun.spawn(["sh", "-c", command], { env, stdin: new Blob([`${payload}\n`]), stderr: "inherit" }).exited;
}

interface Line {
  job_id: string;
  session_id: string;
  event_type: string;
  data: { tool_use_id?: string; start?: string };
  row: number;
}

const linesOf = (prefix: string): Line[] =>
  readFileSync(world.home.events, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line)
    .filter(({ data }) => (data.tool_use_id ?? data.start)?.includes(prefix));

function rowsOf(prefix: string): number {
  const table = new Database(world.home.dashboard, { readonly: true });
  const sql = "SELECT count(*) AS count FROM hook_events WHERE agent = '' AND payload LIKE '%' || ? || '%'";
  const { count } = table.query(sql).get(prefix) as { count: number };
  table.close();
  return count;
}

test("2 A49 A51 120 hooks of a person's own sessions, one of 1 MB among them: 120 rows, 120 lines", async () => {
  const text = "x".repeat(1_000_000);
  const codes: number[] = [];
  for (let at = 0; at < 120; at += 20) {
    const some = Array.from({ length: 20 }, (_, next) =>
      hook("PostToolUse", {
        tool_name: "Bash",
        tool_use_id: `own-${at + next}`,
        ...(at + next === 50 ? { text } : {}),
      }),
    );
    codes.push(...(await Promise.all(some)));
  }
  expect(codes.filter((code) => code !== 0)).toEqual([]);
  await until("all are lines", () => linesOf("own-").length >= 120);
  const lines = linesOf("own-");
  expect([lines.length, new Set(lines.map(({ row }) => row)).size, rowsOf('"own-')]).toEqual([120, 120, 120]);
  expect(lines.every(({ job_id, session_id }) => job_id === "" && session_id === "s")).toBe(true);
  expect(
    Math.max(
      ...readFileSync(world.home.events, "utf8")
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBeLessThan(65_536);
  expect(readdirSync(world.home.spool)).toEqual(["claimed"]);
}, 30_000);

test("A53 A51 what is told while no daemon runs is a line at the next start, each once, behind a line that was torn", async () => {
  await world.kill();
  for (let at = 0; at < 30; at++) expect(await hook("Stop", { tool_use_id: `down-${at}` })).toBe(0);
  appendFileSync(world.home.events, '{"timestamp":17');
  await world.boot();
  await until("all are lines", () => linesOf("down-").length >= 30);
  await world.kill();
  await world.boot();
  expect(new Set(linesOf("down-").map(({ data }) => data.tool_use_id)).size).toBe(30);
  expect(linesOf("down-")).toHaveLength(30);
  expect(readFileSync(join(world.home.folder, "events.bad"), "utf8")).toBe('{"timestamp":17\n');
  expect(factsOf(world, "notice.raised").some(({ text }) => text.includes("torn line of 15 bytes"))).toBe(true);
}, 30_000);

test("F23 an event of a session that Muster did not start changes no agent, whatever session it names", async () => {
  const id = await readyAgent(world);
  const before = await agentOf(world, id);
  const heard = factsOf(world, "hook.heard").length;
  await hook("SessionEnd", { session_id: before.session, reason: "other", tool_use_id: "foreign-1" });
  await hook("SessionStart", { session_id: "another", source: "clear", tool_use_id: "foreign-2" });
  await until("both are lines", () => linesOf("foreign-").length === 2);
  const after = await agentOf(world, id);
  expect([after.session, after.activity, factsOf(world, "hook.heard").length]).toEqual([
    before.session,
    before.activity,
    heard,
  ]);
}, 30_000);

test("A112 A20 with a real daemon and an agent, doctor army and health find hooks, page and terminal in order", async () => {
  const army = await muster(world, "doctor", "army", "--json");
  const { findings } = JSON.parse(army.out) as { findings: { name: string; ok: boolean | null; detail: string }[] };
  expect([army.code, findings.filter(({ ok }) => ok === false)]).toEqual([0, []]);
  const of = (name: string) => findings.find((finding) => finding.name === name);
  expect([of("hooks")?.ok, of("dashboard")?.ok, of("terminals")?.detail]).toEqual([
    true,
    true,
    "1 live, each with its record",
  ]);
  const { out, code } = await muster(world, "health");
  expect([code, out]).toEqual([0, expect.stringMatching(/^daemon: OK .*, process \d+$/m)]);
}, 15_000);

test("A50 what the relay dropped while too many events waited is said", async () => {
  writeFileSync(join(world.home.folder, "hooks/dropped"), ".......");
  const said = () => factsOf(world, "notice.raised").some(({ text }) => text.includes("7 PreToolUse dropped"));
  await until("it is said", said);
}, 10_000);

test("A23 remove-hooks leaves no settings where there were none, and later hooks of a running session do no harm", async () => {
  expect((await muster(world, "remove-hooks", "--yes")).code).toBe(0);
  expect(readdirSync(join(world.folder, ".claude")).filter((name) => name === "settings.json")).toEqual([]);
  expect(await hook("PreToolUse", { tool_name: "Bash" })).toBe(0);
}, 10_000);
