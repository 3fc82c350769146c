import { afterAll, beforeAll, expect, test } from "bun:test";
import { hireOf } from "../../test/fakes/history.ts";
import { type Light, openLight } from "../../test/web/light.ts";
import { PERSON } from "../core/ids.ts";
import type { Why } from "../core/why.ts";

const ANN = "a0000001";
let light: Light;
beforeAll(() => {
  light = openLight();
  const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
  const hires = [hireOf(ANN, { team: "pair", seat: "PeerA", canCompact: false })];
  const settings = { hash: "h", changes: {}, warnings: [] };
  const order = { topology: "solo", repo: "/r", settings } as const;
  light.engine.dispatch({ do: "form", team: "pair", ...order, seats, hires, letters: [] }, PERSON);
});
afterAll(() => light.stop());

async function asked<T = Why>(path: string): Promise<T> {
  return (await (await fetch(`${light.url}${path}`, { headers: light.bearer() })).json()) as T;
}

test("a why for one beat is answered for a seat and an id; what its CLI cannot do is known", async () => {
  const answers = await Promise.all(["PeerA", ANN].map((id) => asked(`/api/why/${id}?aspect=compact`)));
  for (const one of answers)
    expect(one).toMatchObject({ kind: "beat", because: "n/a: its CLI has no command for it", parts: [] });
  expect((await asked("/api/why/PeerA")).parts.map(({ name }) => name)).toContain("self-check");
});

test("the Foreman of a team, and words that nothing has", async () => {
  expect(await asked("/api/why/pair?aspect=foreman")).toMatchObject({ because: "none was chosen at start" });
  expect(await asked<unknown>("/api/why/pair?aspect=lunch")).toMatchObject({ error: { code: "usage" } });
});

test("a team's stats have a route; a team that never was is said with those that were", async () => {
  expect(await asked<unknown>("/api/teams/pair/stats")).toMatchObject({ team: "pair", costUnknown: ["PeerA"] });
  expect(await asked<unknown>("/api/teams/other/stats")).toMatchObject({
    error: { code: "missing", message: "no team other", hint: "teams: pair" },
  });
});

test("P6 a stop of a team that is not there names those that are", async () => {
  const answer = await fetch(`${light.url}/api/teams/other/stop`, {
    ...{ method: "POST", headers: light.json(), body: "{}" },
  });
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { error: { code: "missing", message: "no team other", hint: "teams: pair" } },
  ]);
});
