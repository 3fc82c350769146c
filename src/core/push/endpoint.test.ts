import { expect, test } from "bun:test";
import { pushEndpoint } from "./endpoint.ts";

const isKnown = (given: string, more: string[] = []): boolean => {
  try {
    pushEndpoint(given, more);
    return true;
  } catch (error) {
    expect((error as { code?: string }).code).toBe("usage");
    return false;
  }
};

test("S51 a push leaves for the services of browsers alone, by https, at the usual port", () => {
  for (const known of [
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://fcm.googleapis.com:443/wp/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
    "https://web.push.apple.com/QGdF",
    "https://wns2-par02p.notify.windows.com/w/?token=BQY",
  ])
    expect([known, isKnown(known)]).toEqual([known, true]);
  for (const other of [
    ...["", "fcm.googleapis.com", "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "file:///etc/passwd"],
    ...[
      "https://fcm.googleapis.com:8443/x",
      "https://fcm.googleapis.com.evil.example/x",
      "https://xfcm.googleapis.com/",
    ],
    ...[
      "https://evil.example/?https://fcm.googleapis.com",
      "https://evil.example#.push.apple.com",
      "https://web.push.apple.com.evil.example/",
    ],
    ...[
      "https://me@fcm.googleapis.com/x",
      "https://:word@fcm.googleapis.com/x",
      "https://me:word@web.push.apple.com/x",
      "https://fcm.googleapis.com./x",
    ],
    ...[
      "https://127.0.0.1/x",
      "https://[::1]/x",
      "https://169.254.169.254/latest",
      "https://localhost/x",
      "https://2130706433/",
    ],
    `https://fcm.googleapis.com/${"x".repeat(2048)}`,
  ])
    expect([other, isKnown(other)]).toEqual([other, false]);
});

test("S51 a host that config.yaml names is a push service, too, with exactly its port", () => {
  expect([isKnown("https://push.example/x", ["push.example"]), isKnown("https://push.example/x")]).toEqual([
    true,
    false,
  ]);
  const own = ["push.example:8443"];
  expect(
    ["https://push.example:8443/x", "https://push.example/x", "http://push.example:8443/x"].map((one) =>
      isKnown(one, own),
    ),
  ).toEqual([true, false, false]);
});
