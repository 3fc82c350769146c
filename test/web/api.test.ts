import { afterEach, beforeEach, expect, test } from "bun:test";
import { openClient } from "../../src/client/client.ts";
import type { JobRow } from "../../src/core/job-row.ts";
import { type Light, openLight, SECRET } from "./light.ts";

let light: Light;
beforeEach(() => {
  light = openLight();
});
afterEach(() => light.stop());

const client = () => openClient({ url: light.url, token: SECRET });

test("A78 a job is ordered by the words of the commands: agent, model, reasoning, sandbox", async () => {
  const order = { prompt: "look", cwd: "/r", agent: "x", model: "m", reasoning: "low", sandbox: "read-only" };
  const { agent } = await client().post<{ agent: string }>("/api/actions/jobs", order);
  expect(light.engine.state.agents[agent]?.hire).toMatchObject({
    ...{ driver: "x", model: "m", effort: "low", permission: "read-only", cwd: "/r" },
  });
  const row = await client().get<JobRow>(`/api/jobs/${agent}`);
  expect(row).toMatchObject({ id: agent, prompt: "look", state: "pending", status: "pending" });
});

test("A78 seats of a team are ordered by the same words", async () => {
  const seat = { driver: "x", sandbox: "danger-full-access" };
  const order = { repo: "/r", name: "pair", peerA: seat, peerB: { driver: "y" } };
  await client().post("/api/teams", { ...order, accept: "full access", residual: "archive" });
  const hires = Object.values(light.engine.state.agents).map(({ hire }) => [hire.seat, hire.driver, hire.permission]);
  expect(hires).toEqual([
    ["PeerA", "x", "danger-full-access"],
    ["PeerB", "y", "workspace-write"],
  ]);
});

test("A83 what does not fit is answered 400 with the key, and nothing is ordered", async () => {
  const ask = (body: unknown) =>
    fetch(`${light.url}/api/actions/jobs`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${SECRET}` },
      body: JSON.stringify(body),
    });
  for (const [body, said] of [
    [{ prompt: "x", cwd: "/r", sandbox: "none" }, "sandbox: one of read-only, workspace-write, danger-full-access"],
    [{ prompt: "x", cwd: "/r", permission: "read-only" }, "unknown key permission"],
    [{ cwd: "/r" }, "prompt: a text is needed"],
  ] as const) {
    const answer = await ask(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toStartWith(said);
  }
  expect(light.engine.state.agents).toEqual({});
});
