import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { connect } from "node:net";
import { join } from "node:path";
import type { Log } from "../../src/core/ports.ts";
import { closing, exchange, type Light, loginCode, openLight, pathOf, raw, SECRET } from "../web/light.ts";

const ANN = "a0000001";
let light: Light;

beforeAll(() => {
  light = openLight();
  light.hire(ANN);
});
afterAll(() => light.stop());

test("S09 a login code works once, within a minute, and not from a query", async () => {
  const code = await loginCode(light);
  const first = await exchange(light, code);
  expect(first.status).toBe(200);
  const { token } = (await first.json()) as { token: string };
  expect((await fetch(`${light.url}/api/health`, { headers: light.bearer(token) })).status).toBe(200);
  expect((await exchange(light, code)).status).toBe(401);
  const [late, later] = [await loginCode(light), await loginCode(light)];
  light.clock.skip(59_000);
  expect((await exchange(light, late)).status).toBe(200);
  light.clock.skip(1000);
  expect((await exchange(light, later)).status).toBe(401);
  const inQuery = await loginCode(light);
  expect((await fetch(`${light.url}/auth/exchange?code=${inQuery}`)).status).toBe(404);
  expect((await exchange(light, "", `/auth/exchange?code=${inQuery}`)).status).toBe(400);
});

test("S09 a page's token ends after twelve hours, and cannot be stretched", async () => {
  const { token } = (await (await exchange(light, await loginCode(light))).json()) as { token: string };
  const [kind, expires = "", ...rest] = token.split(".");
  const later = [kind, (Number.parseInt(expires, 36) + 1e9).toString(36), ...rest].join(".");
  expect(light.tokens.grant(later)).toBeNull();
  light.clock.skip(12 * 3_600_000 - 1000);
  expect(light.tokens.grant(token)).not.toBeNull();
  light.clock.skip(1000);
  expect(light.tokens.grant(token)).toBeNull();
});

test("S09 after twenty wrong codes all are answered 429 for a whole minute from the last of them", async () => {
  light.clock.skip(60_000);
  for (let n = 0; n < 19; n++) expect((await exchange(light, `wrong-${n}`)).status).toBe(401);
  light.clock.skip(55_000);
  expect((await exchange(light, "wrong-19")).status).toBe(401);
  const good = await loginCode(light);
  expect((await exchange(light, good)).status).toBe(429);
  light.clock.skip(55_000);
  expect((await exchange(light, good)).status).toBe(429);
  light.clock.skip(5000);
  expect((await exchange(light, await loginCode(light))).status).toBe(200);
});

test("S09 a login is made over the unix socket only, and not by an agent", async () => {
  const order = { method: "POST", body: "{}" };
  const tcp = await fetch(`${light.url}/api/login`, { ...order, headers: light.json() });
  expect(tcp.status).toBe(403);
  const headers = light.json(light.tokens.forAgent(ANN));
  expect((await fetch("http://muster/api/login", { ...order, headers, unix: light.socket })).status).toBe(403);
  const wrong = light.json("wrong");
  expect((await fetch("http://muster/api/login", { ...order, headers: wrong, unix: light.socket })).status).toBe(401);
});

test("S10 wrong tokens: thousands, huge ones, and one that differs in its last letter", async () => {
  const last = SECRET.slice(0, -1) + (SECRET.endsWith("a") ? "b" : "a");
  for (const token of [last, `${SECRET}a`, SECRET.slice(0, -1), SECRET.toUpperCase(), "x".repeat(600)]) {
    expect((await fetch(`${light.url}/api/state`, { headers: light.bearer(token) })).status).toBe(401);
  }
  const huge = await raw(
    light.port,
    `GET / HTTP/1.1\r\nHost: ${light.host}\r\nAuthorization: Bearer ${"x".repeat(1e6)}\r\n\r\n`,
  );
  expect(huge).toStartWith("HTTP/1.1 431");
  const tally: Record<number, number> = {};
  for (let round = 0; round < 100; round++) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        fetch(`${light.url}/api/state`, { headers: light.bearer(`${round}-${n}`) }),
      ),
    );
    for (const { status } of answers) tally[status] = (tally[status] ?? 0) + 1;
  }
  expect(Object.keys(tally).sort()).toEqual(["401", "429"]);
  expect(tally[401]).toBeLessThan(250);
  expect((await fetch(`${light.url}/api/state`)).status).toBe(401);
  // Who has the right one is not locked out by others.
  expect((await fetch(`${light.url}/api/state`, { headers: light.bearer() })).status).toBe(200);
  light.clock.skip(60_000);
});

test("S10 every kind of token is compared as digests, and in constant time", () => {
  const [agent, page] = [light.tokens.forAgent(ANN), light.tokens.exchange(light.tokens.mintCode().code)?.token ?? ""];
  const compared = spyOn(crypto, "timingSafeEqual");
  try {
    for (const token of [SECRET, agent, page]) {
      expect(light.tokens.grant(token)).not.toBeNull();
      for (const wrong of [`${token.slice(0, -2)}..`, token.slice(0, -1), `${token}x`, `x${token}`]) {
        compared.mockClear();
        expect(light.tokens.grant(wrong)).toBeNull();
        const sizes = compared.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength]);
        expect(sizes).toEqual(sizes.map(() => [32, 32]));
        expect(sizes.length).toBeGreaterThanOrEqual(wrong.startsWith("x") || token === SECRET ? 1 : 2);
      }
    }
  } finally {
    compared.mockRestore();
  }
});

test("S13 smuggled, oversized and broken requests are refused, and others stay fast meanwhile", async () => {
  const { port, host } = light;
  const head = `POST /api/actions/jobs HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${SECRET}\r\nContent-Type: application/json\r\n`;
  const tries: [string, RegExp][] = [
    [`${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, /^HTTP\/1.1 400/],
    [`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`, /^HTTP\/1.1 400/],
    [`${head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`, /^HTTP\/1.1 400|^$/],
    [`${head}X-Long: ${"x".repeat(20_480)}\r\n\r\n`, /^HTTP\/1.1 431/],
    [`${head}Content-Length: 200000000\r\n\r\n`, /^HTTP\/1.1 413/],
  ];
  const idle = Array.from({ length: 500 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  for (const [text, expected] of tries) expect(await raw(port, text)).toMatch(expected);
  const long = JSON.stringify({ prompt: "x".repeat(1_100_000), cwd: "/" });
  const answer = await fetch(`${light.url}/api/actions/jobs`, { method: "POST", headers: light.json(), body: long });
  expect([answer.status, await answer.json()]).toEqual([413, { error: expect.objectContaining({ code: "size" }) }]);
  // Without a length that could be looked at first.
  const parts = new ReadableStream({
    start(controller) {
      for (let n = 0; n < 4; n++) controller.enqueue(new Uint8Array(300_000));
      controller.close();
    },
  });
  const endless = await fetch(`${light.url}/api/actions/jobs`, { method: "POST", headers: light.json(), body: parts });
  expect(endless.status).toBe(413);
  const took: number[] = [];
  for (let n = 0; n < 100; n++) {
    const before = performance.now();
    await (await fetch(`${light.url}/api/health`, { headers: light.bearer() })).text();
    took.push(performance.now() - before);
  }
  expect(took.sort((a, b) => a - b)[98]).toBeLessThan(100);
  for (const socket of idle) socket.destroy();
});

test("S13 a huge frame, broken JSON and a flood close the socket that sent them", async () => {
  expect(await closing(light, ANN, (socket) => socket.send("x".repeat(10_000_000)))).toBe(1009);
  expect(await closing(light, ANN, (socket) => socket.send("{"))).toBe(1007);
  expect(await closing(light, ANN, (socket) => socket.send(new Uint8Array(3)))).toBe(1007);
  const flood = (socket: WebSocket) => {
    for (let n = 0; n < 100_000; n++) socket.send('{"type":"ack","offset":0}');
  };
  expect(await closing(light, ANN, flood)).toBe(1008);
});

test("S13 text of a frame that is not UTF-8 closes the socket", async () => {
  const done = Promise.withResolvers<Buffer>();
  let got = Buffer.alloc(0);
  const socket = connect(light.port, "127.0.0.1");
  socket.on("data", (bytes: Buffer) => {
    const isFirst = got.length === 0;
    got = Buffer.concat([got, bytes]);
    // FIN, text, masked with zeros, two bytes that are no UTF-8.
    if (isFirst) socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]));
  });
  socket.on("close", () => done.resolve(got));
  socket.on("error", () => {});
  socket.write(
    `GET /api/terminal/${ANN} HTTP/1.1\r\nHost: ${light.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`,
  );
  const said = await done.promise;
  expect(said.toString("latin1")).toStartWith("HTTP/1.1 101");
  // A close frame: its length, then the code.
  const [frame] = /\x88[\x02-\x7d][\s\S]{2}/.exec(said.toString("latin1").split("\r\n\r\n")[1] ?? "") ?? [""];
  expect(Buffer.from(frame, "latin1").readUInt16BE(2)).toBe(1007);
});

/** What SQLite really throws when another connection has the lock. */
async function lockedDatabase(): Promise<Error> {
  const path = join(light.parts.home, "locked.db");
  const [holder, other] = [new Database(path), new Database(path)];
  try {
    holder.run("CREATE TABLE t (a)");
    holder.run("BEGIN EXCLUSIVE");
    other.run("PRAGMA busy_timeout = 0");
    other.query("SELECT * FROM t").all();
  } catch (error) {
    return error as Error;
  } finally {
    other.close();
    holder.close();
  }
  throw new Error("it was not locked");
}

test("S17 a bug, a locked log and bad JSON are answered in JSON without stack or path", async () => {
  const broken = (thrown: unknown): Pick<Log, "read" | "about" | "tail" | "body"> => {
    const fail = () => {
      throw thrown;
    };
    return { read: fail, about: fail, tail: fail, body: fail };
  };
  const quiet = spyOn(console, "error").mockImplementation(() => {});
  const busy = await lockedDatabase();
  for (const [thrown, status] of [
    [new Error("/secret/path"), 500],
    [busy, 503],
    ["a string", 500],
  ] as const) {
    const other = openLight({ log: broken(thrown) });
    const answer = await fetch(`${other.url}/api/ledger`, { headers: other.bearer() });
    const text = await answer.text();
    expect(answer.status).toBe(status);
    expect(JSON.parse(text)).toEqual({ error: expect.objectContaining({ message: expect.any(String) }) });
    expect(text).not.toMatch(/secret|\.ts|stack|<html/i);
    await other.stop();
  }
  quiet.mockRestore();
  const bodies: (string | Buffer<ArrayBuffer>)[] = [
    "{",
    "[]",
    "null",
    '"x"',
    '{"prompt":1,"cwd":"/"}',
    '{"prompt":"x","cwd":"/","__proto__":{"admin":true}}',
    Buffer.from('{"prompt":"not UTF-8: \xff","cwd":"/"}', "latin1"),
  ];
  for (const body of bodies) {
    const answer = await fetch(`${light.url}/api/actions/jobs`, { method: "POST", headers: light.json(), body });
    expect([body, answer.status]).toEqual([body, 400]);
    expect(await answer.json()).toEqual({ error: expect.objectContaining({ code: "usage" }) });
  }
});

test("S17 a body that is no JSON, or JSON of another type, is refused by every route that takes one", async () => {
  const before = light.engine.state.seq;
  const posts = light.server.routes.filter((route) => route.method === "POST");
  expect(posts.length).toBeGreaterThan(10);
  const bodies = [
    ...["{", "[]", "null", "true", "7", '"x"', '{"colour":1}', "[".repeat(100_000), "\ufeff{}x", "{'a':1}"],
    ...[new Uint8Array([0x22, 0xff, 0xfe, 0x22]), `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ];
  for (const route of posts) {
    for (const body of bodies) {
      const answer = await fetch(light.url + pathOf(route, ANN), { method: "POST", headers: light.json(), body });
      const text = await answer.text();
      const shown = String(body).slice(0, 20);
      expect([route.path, shown, answer.status]).toEqual([route.path, shown, 400]);
      expect(text.length).toBeLessThan(500);
      expect(text).not.toMatch(/\.ts|stack|<html/i);
    }
  }
  expect(light.engine.state.seq).toBe(before);
});

test("S17 an unknown or wrong key of a body is named", async () => {
  const say = async (body: unknown) => {
    const answer = await fetch(`${light.url}/api/teams`, {
      method: "POST",
      headers: light.json(),
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { error: { message: string } }).error.message;
  };
  expect(await say({ repo: "/r", peerA: { driver: "x" }, colour: 1 })).toBe("unknown key colour");
  expect(await say({ repo: "/r", peerA: { driver: "x", size: 1 } })).toBe("unknown key peerA.size");
  expect(await say({ repo: "/r", peerA: { driver: 3 } })).toStartWith("peerA.driver:");
});

test("S21 the server proves that it knows the token, for one nonce and one address", async () => {
  const ask = async (nonce: string, url = light.url) =>
    ((await (await fetch(`${url}/api/identity?nonce=${nonce}`)).json()) as { proof?: string }).proof;
  const proof = await ask("0123456789abcdef");
  expect(proof).toBe(light.tokens.proof("0123456789abcdef", light.host));
  expect(await ask("0123456789abcdeg")).not.toBe(proof);
  expect(await ask("0123456789abcdef", `http://localhost:${light.port}`)).not.toBe(proof);
  expect(await ask("short")).toBeUndefined();
});
