import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandClock } from "../../test/fakes/clock.ts";
import { FakePushHost } from "../../test/fakes/push-service.ts";
import { WebPushLine } from "./line.ts";

const TEXT = { title: "PeerA needs you", body: "", link: "#/agents/a0000001", tag: "p-1" };
const HOW = { ttl: 60, urgency: "high", topic: "p-1" } as const;
const { signal } = new AbortController();

let folder: string;
let path: string;
let clock: HandClock;
let service: FakePushHost;
let hosts: string[];
const open = () => new WebPushLine({ path, clock, hosts: () => hosts, post: service.post });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-push-"));
  path = join(folder, "push.json");
  clock = new HandClock();
  service = new FakePushHost(() => clock.now());
  hosts = [];
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

async function subscribed(device = "d-1"): Promise<WebPushLine> {
  const line = open();
  const contact = "https://my-tunnel.example";
  await line.keep(device, { ...(await service.subscribe(device, await line.key())), contact });
  return line;
}
const send = (line: WebPushLine, device = "d-1") => line.send(device, TEXT, HOW, signal);

test("a message arrives as it was written, from the sender that the browser knows, over restarts", async () => {
  await subscribed();
  expect(await send(open())).toEqual({ is: "sent" });
  expect(service.complaints).toEqual([]);
  expect(service.arrived).toMatchObject([
    {
      ...{ device: "d-1", text: TEXT, headers: { ttl: 60, urgency: "high", topic: "p-1" } },
      claims: { aud: "https://fcm.googleapis.com", sub: "https://my-tunnel.example" },
    },
  ]);
  const line = open();
  await line.keep("d-2", await service.subscribe("d-2", await line.key()));
  await send(line, "d-2");
  expect(service.arrived[1]?.claims.sub).toBe("https://muster.invalid");
});

test("what a service answers says whether it is there, over, or to be tried again, and when", async () => {
  const line = await subscribed();
  const later = new Date(clock.now() + 90_000).toUTCString();
  const answers: [status: number, headers: Record<string, string>, meaning: object][] = [
    [404, {}, { is: "gone", reason: "its browser has ended it (404)" }],
    [410, {}, { is: "gone", reason: "its browser has ended it (410)" }],
    [413, {}, { is: "never", reason: "fcm.googleapis.com answered 413" }],
    [403, {}, { is: "never", reason: "fcm.googleapis.com answered 403" }],
    [429, { "retry-after": "7" }, { is: "later", reason: "fcm.googleapis.com answered 429", ms: 7000 }],
    [429, { "retry-after": later }, { is: "later", reason: "fcm.googleapis.com answered 429", ms: 90_000 }],
    [503, { "retry-after": "99999999" }, { is: "later", reason: "fcm.googleapis.com answered 503", ms: 3_600_000 }],
    [500, { "retry-after": "soon" }, { is: "later", reason: "fcm.googleapis.com answered 500" }],
  ];
  for (const [status, headers, meaning] of answers) {
    service.next.push({ status, headers });
    expect(await send(line)).toEqual(meaning as never);
  }
  expect(service.arrived).toEqual([]);
  service.unsubscribe("d-1");
  expect((await send(line)).is).toBe("gone");
  await line.forget("d-1");
  expect(await send(line)).toEqual({ is: "gone", reason: "its keys are not there any more" });
});

test("S51 a redirect is not followed, and what a service writes is not read", async () => {
  const line = await subscribed();
  const elsewhere = await service.subscribe("d-2", await line.key());
  for (const status of [301, 302, 307, 308]) {
    service.next.push({ status, headers: { location: elsewhere.endpoint } }, { status: 500 });
    expect(await send(line)).toEqual({ is: "never", reason: `fcm.googleapis.com answered ${status}` });
    expect(service.next.length).toBe(1);
    service.next.length = 0;
  }
  expect(service.requests).toBe(4);
  service.next.push({ status: 201, body: "x".repeat(1_000_000) });
  expect(await send(line)).toEqual({ is: "sent" });
});

test("a service that cannot be reached is tried again, and its secret address is not told", async () => {
  const line = await subscribed();
  await service.stop();
  expect(await send(line)).toEqual({ is: "later", reason: "no answer from fcm.googleapis.com" });
  service = new FakePushHost(() => clock.now());
});

test("S51 an endpoint that is no push service is not kept, nor is one sent to whose host was taken back", async () => {
  const line = open();
  const made = await service.subscribe("d-1", await line.key());
  const at = (endpoint: string) => line.keep("d-1", { ...made, endpoint });
  for (const endpoint of ["https://push.example/1", "http://fcm.googleapis.com/1", "https://127.0.0.1/1"])
    await expect(at(endpoint)).rejects.toThrow("endpoint:");
  await expect(line.keep("d-1", { ...made, auth: "AAAA" })).rejects.toThrow("no keys of a browser");
  hosts = ["push.example"];
  await at("https://push.example/1");
  hosts = [];
  expect(await send(line)).toEqual({ is: "never", reason: "endpoint: push.example is no push service that is known" });
  expect(service.requests).toBe(0);
});

test("all keys lie in one file that only its owner reads; our own are made once; a broken file is said, not replaced", async () => {
  const first = open();
  const keys = await Promise.all([first.key(), first.key()]);
  const line = await subscribed();
  expect([statSync(path).mode & 0o777, keys.includes(await line.key())]).toEqual([0o600, true]);
  expect(new Set(keys).size).toBe(1);
  await Promise.all(["d-2", "d-3"].map(async (one) => line.keep(one, await service.subscribe(one, await line.key()))));
  expect(Object.keys(JSON.parse(readFileSync(path, "utf8")).devices)).toEqual(["d-1", "d-2", "d-3"]);
  expect([await line.key(), (await send(line)).is]).toEqual([await open().key(), "sent"]);
  for (const text of ["{", "null", '{"devices":3}', ""]) {
    writeFileSync(path, text);
    await expect(line.key()).rejects.toThrow("cannot be read");
    expect(readFileSync(path, "utf8")).toBe(text);
  }
});
