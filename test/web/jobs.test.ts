import { afterEach, beforeEach, expect, test } from "bun:test";
import { type Light, openLight } from "./light.ts";

const ID = "a1b2c3d4";
let light: Light;
beforeEach(async () => {
  light = openLight();
  light.engine.dispatch(
    {
      do: "start",
      hire: { agent: ID, driver: "x", cwd: "/r", permission: "workspace-write" },
      job: { id: ID, mid: "m-1", prompt: "one" },
    },
    { kind: "person" },
  );
});
afterEach(() => light.stop());

async function ask(method: string, path: string, body?: unknown, token?: string) {
  const answer = await fetch(`${light.url}${path}`, {
    ...{ method, headers: light.json(token) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = (await answer.json()) as { error?: { code: string; message: string } } & Record<string, unknown>;
  return { status: answer.status, said, code: said.error?.code };
}
const act = (verb: string, body: unknown = {}, id = ID) => ask("POST", `/api/actions/jobs/${id}/${verb}`, body);

test("A78 what a job's state forbids is 409, an unknown job 404, a body that does not fit 400 with its key", async () => {
  expect(await act("reuse", { prompt: "two" })).toMatchObject({ status: 409, code: "state" });
  expect(await act("reuse", { prompt: "two" }, "ffffffff")).toMatchObject({ status: 404, code: "missing" });
  expect(await act("reuse", { prompt: " " })).toMatchObject({ status: 400, code: "usage" });
  const wrong = await act("reuse", { prompt: "x", timeout: 0 });
  expect([wrong.status, wrong.said.error?.message]).toEqual([400, expect.stringMatching(/^timeout: a number from /)]);
  expect(await act("key", { key: "F13" })).toMatchObject({ status: 400 });
  expect(await act("key", { key: "Escape" })).toMatchObject({ status: 409 });
  expect(await ask("POST", "/api/jobs/cleanup", {})).toMatchObject({ status: 400 });
  expect(await ask("DELETE", "/api/jobs/ffffffff")).toMatchObject({ status: 404, code: "missing" });
  expect(await ask("DELETE", "/api/jobs/..%2f")).toMatchObject({ status: 404 });
});

test("A78 usage says null for what nobody knows; a session is its entries and what they came to", async () => {
  const used = await act("usage");
  const unknown = { contextTokens: null, contextSize: null, cost: null, costFrom: null, tokens: null };
  expect(used.said).toEqual({ agent: ID, job: ID, ...unknown });
  const { said } = await ask("GET", `/api/jobs/${ID}/session`);
  expect(said).toMatchObject({
    job: ID,
    path: "/t",
    cost: null,
    account: { summary: "hello" },
    entries: [{ text: "hello" }],
  });
  expect(await ask("GET", `/api/jobs/${ID}%237/session`)).toMatchObject({ status: 404 });
});

test("A78 a deleted job is ended and asked for no more; clean goes by age", async () => {
  expect((await ask("POST", "/api/jobs/cleanup", { maxAgeDays: 0 })).said).toEqual({ agents: [], living: [] });
  expect(await ask("DELETE", `/api/jobs/${ID}`)).toMatchObject({ status: 200, said: { agent: ID } });
  expect(light.engine.state.agents[ID]).toMatchObject({ isDiscarded: true, dismissed: { reason: "deleted by user" } });
  expect((await ask("GET", "/api/jobs")).said).toEqual([] as never);
});

test("A78 a dry run answers with the whole prompt and the command line, and orders nothing", async () => {
  const order = { prompt: "look", cwd: "/r", agent: "claude", reasoning: "low", dry: true };
  const { said } = await ask("POST", "/api/actions/jobs", order);
  expect(said).toMatchObject({ prompt: "look", argv: ["claude"], model: "sonnet", effort: "low" });
  expect(Object.keys(light.engine.state.agents)).toEqual([ID]);
});

test("A21 sessions are asked for by a person only", async () => {
  expect((await ask("GET", "/api/sessions")).said).toMatchObject([{ name: "muster-a1b2c3d4", kind: "unknown" }]);
  expect((await ask("POST", "/api/sessions/muster-a1b2c3d4/adopt", {})).status).toBe(400);
  expect((await ask("POST", "/api/sessions/x/kill", {}, "wrong")).status).toBe(401);
});

test("A8 a start takes a budget as text, and names the key when it is none", async () => {
  const order = { prompt: "one", cwd: "/r", agent: "standin" };
  for (const budget of ["-1", "200000", 5])
    expect((await ask("POST", "/api/actions/jobs", { ...order, budget })).said.error?.message).toStartWith("budget: ");
  const started = await ask("POST", "/api/actions/jobs", { ...order, budget: "2.50usd" });
  expect(started.status).toBe(201);
  expect(light.engine.state.jobs[String(started.said.job)]?.budget).toEqual({ unit: "usd", limit: 2.5 });
  expect(await ask("POST", "/api/actions/jobs", { ...order, budget: "200k" })).toMatchObject({
    status: 500,
    code: "failed",
  });
});
