import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { observe } from "../../src/core/commands.ts";
import { DAEMON } from "../../src/core/ids.ts";
import { FakePushHost } from "../fakes/push-service.ts";
import { type Light, openLight } from "../web/light.ts";

const ANN = "a0000001";
let light: Light;
let host: FakePushHost;

beforeAll(() => {
  light = openLight();
  light.hire(ANN);
  host = new FakePushHost();
});
afterAll(async () => {
  await host.stop();
  await light.stop();
});

const call = (method: string, path: string, body: unknown, headers = light.json()): Promise<Response> =>
  fetch(light.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
const ask = async <T>(path: string): Promise<T> => (await (await call("GET", path, undefined)).json()) as T;
const subscription = async (name: string) => host.subscribe(name, (await ask<{ key: string }>("/api/devices/key")).key);

test("S51 only a push service of a browser is taken as an endpoint, and nothing is kept of another", async () => {
  const made = await subscription("one");
  for (const endpoint of [
    ...[
      "http://fcm.googleapis.com/wp/x",
      "https://169.254.169.254/latest",
      `http://127.0.0.1:${light.port}/api/shutdown`,
    ],
    ...[
      "https://localhost/x",
      "https://fcm.googleapis.com.evil.example/x",
      "https://me@fcm.googleapis.com/x",
      "file:///etc/x",
      "x",
    ],
  ]) {
    const answer = await call("POST", "/api/devices", { ...made, endpoint });
    expect([endpoint, answer.status]).toEqual([endpoint, 400]);
  }
  for (const wrong of [
    { auth: "AAAA" },
    { p256dh: made.auth },
    { p256dh: "é".repeat(87) },
    { endpoint: "" },
    { extra: 1 },
  ])
    expect([wrong, (await call("POST", "/api/devices", { ...made, ...wrong })).status]).toEqual([wrong, 400]);
  expect(await ask<unknown[]>("/api/devices")).toEqual([]);
  light.engine.dispatch(observe({ type: "config.loaded", changes: { pushHosts: ["push.example"] } }), DAEMON);
  const own = { ...made, endpoint: "https://push.example/x", label: "own\u001b[31m service" };
  const answer = await call("POST", "/api/devices", own);
  expect([answer.status, ((await answer.json()) as { label: string }).label]).toEqual([201, "own�[31m service"]);
});

test("S15 an agent may neither add a device, nor see, test or remove one", async () => {
  const headers = light.json(light.tokens.forAgent(ANN));
  const made = await subscription("two");
  const { device } = (await (await call("POST", "/api/devices", made)).json()) as { device: string };
  const tries: [string, string, unknown][] = [
    ...([
      ["GET", "/api/devices", undefined],
      ["GET", "/api/devices/key", undefined],
    ] as [string, string, unknown][]),
    ...([
      ["POST", "/api/devices", made],
      ["POST", "/api/devices/test", {}],
    ] as [string, string, unknown][]),
    ["DELETE", `/api/devices/${device}`, undefined],
  ];
  for (const [method, path, body] of tries) {
    expect([method, path, (await call(method, path, body, headers)).status]).toEqual([method, path, 403]);
    expect((await fetch(light.url + path, { method, headers: { "content-type": "application/json" } })).status).toBe(
      401,
    );
  }
  expect((await ask<{ device: string }[]>("/api/devices")).map((row) => row.device)).toContain(device);
});

test("S20 where a device is told and by which keys stands in one private file: in no fact, snapshot or answer", async () => {
  const made = { ...(await subscription("secret-address")), label: "Chrome on Android" };
  const added = await call("POST", "/api/devices", made, { ...light.json(), origin: `http://${light.host}` });
  const path = join(light.parts.home, "push.json");
  const kept = JSON.parse(readFileSync(path, "utf8"));
  const secrets = [made.auth, made.p256dh, "secret-address", kept.vapid.privateKey];
  expect([statSync(path).mode & 0o777, secrets.every((one) => JSON.stringify(kept).includes(one))]).toEqual([
    0o600,
    true,
  ]);
  const { device } = (await added.json()) as { device: string };
  const refused = await call("POST", "/api/devices", { ...made, endpoint: "https://evil.example/secret-address" });
  const shown = [
    JSON.stringify(light.engine.state),
    JSON.stringify(light.parts.log.read(0, 100_000)),
    JSON.stringify(await ask("/api/devices")),
    JSON.stringify(await ask("/api/ledger?tail=1&limit=300")),
    await refused.text(),
    JSON.stringify(await (await call("POST", "/api/devices/test", { device })).json()),
    JSON.stringify(await (await call("DELETE", `/api/devices/${device}`, undefined)).json()),
  ];
  for (const text of shown) for (const secret of secrets) expect(text).not.toContain(secret);
  expect(readFileSync(path, "utf8")).not.toContain("secret-address");
});

test("at most twenty devices are told; the one too many leaves nothing behind, and the same one again is no other", async () => {
  const file = () => Object.keys(JSON.parse(readFileSync(join(light.parts.home, "push.json"), "utf8")).devices).length;
  const statuses: number[] = [];
  for (let n = file(); n < 20; n++)
    statuses.push((await call("POST", "/api/devices", await subscription(`n-${n}`))).status);
  expect(new Set(statuses)).toEqual(new Set([201]));
  const answer = await call("POST", "/api/devices", await subscription("n-20"));
  expect([answer.status, file()]).toEqual([409, 20]);
  expect((await call("POST", "/api/devices", await subscription("n-19"))).status).toBe(201);
  expect([file(), (await ask<unknown[]>("/api/devices")).length]).toEqual([20, 20]);
  expect((await call("DELETE", "/api/devices/d-00000000", undefined)).status).toBe(404);
});
