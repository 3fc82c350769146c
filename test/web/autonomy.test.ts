import { afterEach, beforeEach, expect, test } from "bun:test";
import { LEAD } from "../../src/core/ids.ts";
import { type Light, openLight } from "./light.ts";

let light: Light;
beforeEach(() => {
  light = openLight();
});
afterEach(() => light.stop());

interface Answer {
  status: number;
  said: Record<string, unknown> & { error?: { code: string; message: string } };
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${light.url}${path}`, {
    ...{ method, headers: light.json() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, said: (await answer.json()) as Answer["said"] };
}
/** What a refused request says: its status, and how its message begins. */
async function refused(method: string, path: string, body?: unknown): Promise<[number, string]> {
  const { status, said } = await ask(method, path, body);
  return [status, String(said.error?.message).split(/[:;]/)[0] ?? ""];
}
const NIGHT = {
  name: "night",
  type: "cron",
  condition: "0 3 * * *",
  action: "notify",
  payload: { message: "x" },
  cwd: "/r",
};

test("A79 tasks: made, listed, read, changed in place, ended, tried again, removed", async () => {
  expect(await ask("POST", "/api/queue/tasks", { prompt: "one", cwd: "/r" })).toEqual({
    status: 201,
    said: { task: 1 },
  });
  expect((await ask("PATCH", "/api/queue/tasks/1", { priority: 7 })).said).toMatchObject({ task: 1, priority: 7 });
  expect((await ask("GET", "/api/queue/tasks/1")).said).toMatchObject({ prompt: "one", priority: 7 });
  expect((await ask("POST", "/api/queue/tasks/1/done", { failed: true, result: "no" })).said.outcome).toBe("failed");
  expect((await ask("POST", "/api/queue/tasks/1/retry", {})).said).toEqual({ tasks: [1] });
  expect((await ask("DELETE", "/api/queue/tasks/1")).status).toBe(200);
  expect(await refused("PATCH", "/api/queue/tasks/9", { priority: 1 })).toEqual([404, "no task 9"]);
  expect(await refused("PATCH", "/api/queue/tasks/1", { prioritie: 1 })).toEqual([400, "unknown key prioritie"]);
  expect(await refused("PATCH", "/api/queue/tasks/1", { priority: "high" })).toEqual([400, "priority"]);
  expect(await refused("PATCH", "/api/queue/tasks/1", { priority: 1 })).toEqual([409, "#1 is cancelled"]);
  expect(await refused("POST", "/api/queue/tasks", { prompt: "x" })).toEqual([400, "cwd"]);
});

test("A79 triggers: made, read, changed in part, toggled, tested, removed", async () => {
  expect(await ask("POST", "/api/triggers", NIGHT)).toMatchObject({ status: 201, said: { name: "night" } });
  const changed = await ask("PATCH", "/api/triggers/night", { cooldown: 300 });
  expect(changed.said).toMatchObject({
    name: "night",
    condition: "0 3 * * *",
    cooldown: 300,
    action: "notify you: x",
  });
  expect((await ask("GET", "/api/triggers/night")).said).toMatchObject({ cooldown: 300 });
  expect((await ask("POST", "/api/triggers/night/toggle", { on: false })).said.isOn).toBe(false);
  expect((await ask("POST", "/api/triggers/night/test", {})).said).toMatchObject({
    would: "notify you: x",
  });
  expect(await refused("PATCH", "/api/triggers/night", { condition: "61 * * * *" })).toEqual([400, expect.any(String)]);
  expect(await refused("PATCH", "/api/triggers/night", { cooldown: -1 })).toEqual([400, "cooldown"]);
  expect(await refused("PATCH", "/api/triggers/night", { action: "notify" })).toEqual([400, "cwd"]);
  expect(await refused("POST", "/api/triggers/night/toggle", { on: "yes" })).toEqual([400, "on"]);
  expect(await refused("GET", "/api/triggers/day")).toEqual([404, "no trigger day"]);
  expect(await refused("POST", "/api/triggers", NIGHT)).toEqual([409, expect.any(String)]);
  expect((await ask("DELETE", "/api/triggers/night")).status).toBe(200);
  expect(await refused("DELETE", "/api/triggers/night")).toEqual([404, "no trigger night"]);
});

test("A79 the activity of automatic acts is listed, the newest first, at most as many as asked for", async () => {
  const { engine } = light;
  for (const text of ["one", "two", "three"]) engine.dispatch({ do: "note", text }, { kind: "person" });
  const rows = (await ask("GET", "/api/triggers/activity?limit=2")).said as unknown as { text: string }[];
  expect(rows.map(({ text }) => text)).toEqual(["notes: three", "notes: two"]);
  expect(await refused("GET", "/api/triggers/activity?limit=many")).toEqual([400, "limit"]);
});

test("A79 modes: made, read, activated, the active one told, deactivated, removed; presets stay", async () => {
  expect(await ask("POST", "/api/modes", { name: "nights", empty: true })).toMatchObject({ status: 201 });
  expect((await ask("GET", "/api/modes/nights")).said).toMatchObject({ name: "nights", isPreset: false });
  expect((await ask("GET", "/api/modes/active")).said).toEqual({ name: null });
  await ask("POST", "/api/modes/nights/activate", {});
  expect((await ask("GET", "/api/modes/active")).said).toEqual({ name: "nights" });
  await ask("POST", "/api/modes/deactivate", {});
  expect((await ask("DELETE", "/api/modes/nights")).status).toBe(200);
  expect(await refused("GET", "/api/modes/nights")).toEqual([404, "no mode nights"]);
  expect(await refused("DELETE", "/api/modes/sprint")).toEqual([409, expect.any(String)]);
  expect(await refused("POST", "/api/modes", { name: 5 })).toEqual([400, "name"]);
});

test("A79 the lead's status and state, and the pulse's, are told; what does not fit is 400 with its key", async () => {
  expect((await ask("GET", "/api/orchestrator/status")).said).toMatchObject({ status: "stopped", context_pct: null });
  expect(await refused("POST", "/api/orchestrator/inject", { message: "x" })).toEqual([409, expect.any(String)]);
  expect(await refused("POST", "/api/orchestrator/start", { cwd: "/r", modell: "x" })).toEqual([
    400,
    "unknown key modell",
  ]);
  expect((await ask("POST", "/api/orchestrator/start", { cwd: "/r", agent: "standin" })).status).toBe(201);
  light.engine.dispatch({ do: "note", text: "main is red" }, { kind: "person" });
  const { said } = await ask("GET", "/api/orchestrator/state");
  expect(said).toMatchObject({ status: "resuming", notes: "main is red", pending_tasks: [], active_agents: [] });
  expect((await ask("POST", "/api/pulse/stop", {})).said).toEqual({ running: false });
  expect((await ask("GET", "/api/pulse/status")).said).toMatchObject({ running: false, queue_depth: 0, approvals: 0 });
  expect(await refused("POST", "/api/pulse/start", { fast: true })).toEqual([400, "unknown key fast"]);
  expect((await ask("POST", "/api/orchestrator/stop", {})).status).toBe(200);
  expect(light.engine.state.agents[LEAD]?.dismissed).toBeDefined();
});

test("A60 A79 leads are started, told and stopped by name; status and notes without a name are those of the one that leads", async () => {
  const start = (lead: string, tags: string[] = []) =>
    ask("POST", "/api/orchestrator/start", { cwd: "/r", agent: "standin", lead, tags });
  expect((await start("orch")).status).toBe(201);
  expect((await start("orch-2", ["docs"])).said).toEqual({ agent: "orch-2" });
  expect((await start("orch-2")).status).toBe(409);
  expect((await start("orch-3", ["Two words"])).status).toBe(400);
  expect(await refused("POST", "/api/orchestrator/start", { cwd: "/r", lead: "boss" })).toEqual([
    400,
    "boss is no lead",
  ]);
  await ask("POST", "/api/orchestrator/note", { text: "of the second", lead: "orch-2" });
  expect((await ask("GET", "/api/orchestrator/status")).said).toMatchObject({ id: "orch", is_leader: true, notes: "" });
  const { said } = await ask("GET", "/api/orchestrator/status?lead=orch-2");
  expect(said).toMatchObject({ id: "orch-2", is_leader: false, tags: ["docs"], notes: "of the second" });
  expect(await refused("GET", "/api/orchestrator/status?lead=boss")).toEqual([400, "boss is no lead"]);
  expect((await ask("GET", "/api/orchestrator/leads")).said).toMatchObject([{ id: "orch" }, { id: "orch-2" }]);
  const task = { prompt: "write", cwd: "/r", tags: ["docs"] };
  const { said: added } = await ask("POST", "/api/queue/tasks", task);
  const { task: number } = added as { task: number };
  expect((await ask("GET", `/api/queue/tasks/${number}`)).said).toMatchObject({ tags: ["docs"] });
  expect((await ask("POST", `/api/queue/tasks/${number}/place`, { tags: [] })).said).toMatchObject({ tags: [] });
  expect((await ask("POST", "/api/queue/tasks", { ...task, direct: true, agent: "standin" })).status).toBe(400);
  expect((await ask("POST", "/api/orchestrator/stop", { lead: "orch-2" })).said).toEqual({ agents: ["orch-2"] });
  expect((await ask("POST", "/api/orchestrator/stop", {})).said).toEqual({ agents: ["orch"] });
});
