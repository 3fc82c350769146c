import { afterAll, beforeAll, expect, test } from "bun:test";
import { openClient } from "../../src/client/client.ts";
import type { Refusal } from "../../src/core/refusal.ts";
import { agentToken } from "../../src/server/tokens.ts";
import { type Light, openLight, SECRET } from "./light.ts";

let light: Light;
beforeAll(() => {
  light = openLight();
});
afterAll(() => light.stop());

const client = () => openClient({ url: light.url, token: SECRET });
const said = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "granted",
    ({ code, message }: Refusal) => `${code}: ${message}`,
  );

test("P16 chosen drivers, levels and the layout go to the keys where the settings have them", async () => {
  const bindings = {
    peerA: { driver: "claude", sandbox: "read-only" },
    peerB: { driver: "none" },
    aux: { sandbox: "read-only" },
  };
  await client().post("/api/premises/bind", { repo: "/r", bindings, layout: "quad" });
  expect(light.wrote.at(-1)).toEqual([
    "/r",
    [
      { file: "cli_profiles", path: ["roles", "peerA", "actor"], value: "claude" },
      { file: "cli_profiles", path: ["roles", "peerA", "permissions"], value: "read-only" },
      { file: "cli_profiles", path: ["roles", "peerB", "actor"], value: "none" },
      { file: "cli_profiles", path: ["roles", "aux", "permissions"], value: "read-only" },
      { file: "cli_profiles", path: ["tmux", "layout"], value: "quad" },
    ],
  ]);
});

test("P17 a chosen Foreman is switched on with it, and none switches it off", async () => {
  for (const driver of ["reuse_aux", "none"]) {
    await client().post("/api/premises/bind", { repo: "/r", bindings: { foreman: { driver } } });
    expect(light.wrote.at(-1)).toEqual([
      "/r",
      [
        { file: "foreman", path: ["agent"], value: driver },
        { file: "foreman", path: ["enabled"], value: driver !== "none" },
      ],
    ]);
  }
});

test("what does not fit is refused with the key, and nothing is written", async () => {
  const before = light.wrote.length;
  const bind = (body: object) => said(client().post("/api/premises/bind", { repo: "/r", ...body }));
  expect(await bind({ bindings: { moon: { driver: "x" } } })).toBe("usage: bindings: unknown key moon");
  expect(await bind({ bindings: { peerA: { driver: "x", colour: "y" } } })).toContain(
    "unknown key bindings.peerA.colour",
  );
  expect(await bind({ bindings: {}, layout: "round" })).toBe("usage: layout: one of standard, solo, quad is needed");
  expect(await said(client().get("/api/premises?repo=relative"))).toBe("usage: repo: an absolute path is needed");
  expect(await said(client().get("/api/premises"))).toBe("usage: repo: an absolute path is needed");
  expect(light.wrote).toHaveLength(before);
});

test("premises are a person's: an agent neither sees nor changes them", async () => {
  light.hire("a0000001");
  const agent = openClient({ url: light.url, token: agentToken(SECRET, "a0000001") });
  expect(await said(agent.get("/api/premises?repo=/r"))).toStartWith("forbidden: ");
  for (const path of ["bind", "upgrade", "reset"])
    expect(await said(agent.post(`/api/premises/${path}`, { repo: "/r", bindings: {} }))).toStartWith("forbidden: ");
});
