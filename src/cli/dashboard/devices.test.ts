import { expect, test } from "bun:test";
import { fakeDaemon, ran } from "../../../test/fakes/call.ts";
import type { DeviceRow } from "../../core/push/api.ts";
import { command } from "../dashboard.ts";

const AT = Date.UTC(2026, 10, 27, 6, 5);
const ROWS: DeviceRow[] = [
  { device: "d-0a1b2c3d", label: "Chrome on Android", addedAt: AT, last: null },
  { device: "d-11111111", label: "x\u001b[31m", addedAt: AT, last: { at: AT + 60_000, reason: "" } },
  {
    device: "d-22222222",
    label: "Safari on iPhone",
    addedAt: AT,
    last: { at: AT, reason: "web.push.apple.com answered 403" },
  },
];

test("dashboard --devices lists who is notified, in lines or as JSON, and says how one begins", async () => {
  const { client } = fakeDaemon({ "/api/devices": ROWS });
  const { out, code } = await ran(command, { flags: { devices: true }, client });
  expect([out.split("\n"), code]).toEqual([
    [
      "d-0a1b2c3d  Chrome on Android  since 2026-11-27 06:05Z  not notified yet",
      "d-11111111  x�[31m             since 2026-11-27 06:05Z  notified 2026-11-27 06:06Z",
      "d-22222222  Safari on iPhone   since 2026-11-27 06:05Z  web.push.apple.com answered 403",
    ],
    0,
  ]);
  const asJson = await ran(command, { flags: { devices: true }, client, isJson: true });
  expect(JSON.parse(asJson.out)).toEqual(ROWS);
  const none = await ran(command, { flags: { devices: true }, client: fakeDaemon({ "/api/devices": [] }).client });
  expect(none.out).toContain("No device is notified.");
});

test("dashboard --test sends to each device; one that was not reached makes it fail", async () => {
  const tried = [
    { device: "d-0a1b2c3d", label: "Chrome on Android", isSent: true, reason: "" },
    { device: "d-22222222", label: "Safari on iPhone", isSent: false, reason: "web.push.apple.com answered 403" },
  ];
  const all = fakeDaemon({ "/api/devices/test": tried });
  const { out, code } = await ran(command, { flags: { test: true }, client: all.client });
  expect([out.split("\n"), code, all.posted]).toEqual([
    ["d-0a1b2c3d  Chrome on Android  sent", "d-22222222  Safari on iPhone  not sent: web.push.apple.com answered 403"],
    1,
    [["/api/devices/test", {}]],
  ]);
  const one = fakeDaemon({ "/api/devices/test": tried.slice(0, 1) });
  expect((await ran(command, { flags: { test: true }, client: one.client })).code).toBe(0);
});

test("dashboard --forget removes a device; two wishes at once are refused before anything is asked", async () => {
  const { client, posted } = fakeDaemon({ "/api/devices/d-0a1b2c3d": { device: "d-0a1b2c3d" } });
  const { out } = await ran(command, { flags: { forget: "d-0a1b2c3d" }, client });
  expect([out, posted]).toEqual(["d-0a1b2c3d is notified no more.", [["DELETE /api/devices/d-0a1b2c3d", undefined]]]);
  for (const flags of [
    { forget: "d-1", qr: true },
    { devices: true, test: true },
    { test: true, url: "https://a.example" },
  ]) {
    const { err, code } = await ran(command, { flags, client });
    expect([code, err.includes("does not go with")]).toEqual([64, true]);
  }
  expect(posted.length).toBe(1);
});
