import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { called, closing, exchange, type Light, loginCode, openLight, pathOf, raw, SECRET } from "../web/light.ts";

const ANN = "a0000001";
let light: Light;

beforeAll(() => {
  light = openLight();
  light.hire(ANN);
});
afterAll(() => light.stop());

const seq = () => light.engine.state.seq;

const closed = () => light.server.routes.filter((route) => route.right !== "open");

/** With a token these end something, or answer no JSON. */
const OUTWARD = ["/api/shutdown", "/api/token/rotate", "/api/actions/jobs/:id/kill"];

/** Does something and tells which routes' handlers ran meanwhile. */
async function ranDuring(work: () => Promise<void>): Promise<string[]> {
  const spies = light.server.routes.map((route) => ({ route, spy: spyOn(route, "run") }));
  try {
    await work();
    return spies.filter(({ spy }) => spy.mock.calls.length > 0).map(({ route }) => route.path);
  } finally {
    for (const { spy } of spies) spy.mockRestore();
  }
}

/** The free routes: page, assets, its worker, exchange, health line, proof of identity. */
const FREE = "GET /|GET /assets/:name|GET /worker.js|GET /healthz|GET /api/identity|POST /auth/exchange".split("|");

test("S01 A84 A-fault 13: every route but the free ones answers 401 without a token, and nothing else", async () => {
  expect(light.server.routes.length).toBeGreaterThan(25);
  expect(
    light.server.routes
      .filter((route) => route.right === "open")
      .map((it) => `${it.method} ${it.path}`)
      .sort(),
  ).toEqual(FREE.sort());
  const ran = await ranDuring(async () => {
    for (const route of closed()) {
      const answer = await called(light, route, {}, pathOf(route, ANN));
      expect([route.path, answer.status]).toEqual([route.path, 401]);
      expect(await answer.json()).toEqual({ error: expect.objectContaining({ code: "token" }) });
      const head = await fetch(light.url + pathOf(route, ANN), { method: "HEAD" });
      expect([route.path, head.status]).toEqual([route.path, 401]);
    }
    // Not even what there is.
    for (const path of ["/api", "/api/", "/api/none", "/api/jobs/x/y/z"]) {
      expect([path, (await fetch(light.url + path)).status]).toEqual([path, path === "/api" ? 404 : 401]);
    }
  });
  expect(ran).toEqual([]);
});

test("S01 the free routes tell nothing of agents, jobs or files", async () => {
  const page = await (await fetch(light.url)).text();
  const asset = await (await fetch(`${light.url}/assets/main.js`)).text();
  const health = await fetch(`${light.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { ok: true }]);
  const identity = await (await fetch(`${light.url}/api/identity?nonce=0123456789abcdef`)).text();
  for (const text of [page, asset, identity]) {
    for (const told of [ANN, light.parts.home, SECRET]) expect(text).not.toContain(told);
  }
  expect((await exchange(light, "not-a-code")).status).toBe(401);
});

test("S02 a missing or right Origin and a forwarding header are no token", async () => {
  const before = seq();
  for (const headers of [{}, { origin: light.url }, { "x-forwarded-for": "127.0.0.1" }] as Record<string, string>[]) {
    for (const route of closed()) expect((await called(light, route, headers, pathOf(route, ANN))).status).toBe(401);
  }
  expect(seq()).toBe(before);
});

test("S03 a foreign, doubled, rebound or missing Host is refused with a valid token, before any handler", async () => {
  const { port } = light;
  const auth = `Authorization: Bearer ${SECRET}\r\n`;
  const named = [
    ...[`evil.com:${port}`, `rebind.test:${port}`, `0.0.0.0:${port}`, `127.0.0.1.:${port}`],
    ...[`localhost.evil.com:${port}`, `127.0.0.1:${port}@evil.com`, "127.0.0.1", `LOCALHOST:${port}`],
  ];
  const get = "GET /api/state HTTP/1.1\r\n";
  const upgrade = `GET /api/terminal/${ANN} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`;
  const post = `POST /api/actions/jobs/${ANN}/keys HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 12\r\n`;
  const heads = named.flatMap((host) => [
    `${get}Host: ${host}\r\n${auth}\r\n`,
    `${upgrade}Host: ${host}\r\n${auth}\r\n`,
    `${post}Host: ${host}\r\n${auth}\r\n{"keys":"x"}`,
  ]);
  heads.push(
    `${get}Host: 127.0.0.1:${port}\r\nHost: evil.com\r\n${auth}\r\n`,
    `${get}Host: evil.com\r\nHost: 127.0.0.1:${port}\r\n${auth}\r\n`,
    `GET http://evil.com/api/state HTTP/1.1\r\nHost: evil.com\r\n${auth}\r\n`,
    `GET http://127.0.0.1:${port}/api/state HTTP/1.1\r\nHost: evil.com\r\n${auth}\r\n`,
    `GET /api/state HTTP/1.0\r\n${auth}\r\n`,
    `${get}${auth}\r\n`,
  );
  const ran = await ranDuring(async () => {
    for (const head of heads) {
      const [status = "", body = ""] = (await raw(port, head)).split("\r\n\r\n");
      expect([head.slice(0, 60), status.slice(9, 12)]).toEqual([head.slice(0, 60), expect.stringMatching(/^40[03]$/)]);
      expect(body.length).toBeLessThan(200);
    }
  });
  expect([ran, light.pressed]).toEqual([[], []]);
});

test("S03 a foreign address as target chooses nothing: what counts is the Host, and the answer is the same", async () => {
  const { port, host } = light;
  const ask = async (target: string) =>
    (await raw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`)).split(
      "\r\n\r\n",
    )[1];
  const nonce = "/api/identity?nonce=0123456789abcdef";
  expect(await ask(`http://evil.com${nonce}`)).toBe(await ask(nonce));
  expect(JSON.parse((await ask(nonce)) ?? "")).toEqual({ proof: light.tokens.proof("0123456789abcdef", host) });
});

test("S03 the three names of loopback are served", async () => {
  for (const host of [light.host, `localhost:${light.port}`, `[::1]:${light.port}`]) {
    const answer = await raw(light.port, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(answer).toStartWith("HTTP/1.1 200");
  }
});

test("S04 A-fault 14: a foreign Origin or fetch site is refused on every route, with a valid token", async () => {
  const { port } = light;
  const origins = [
    ...["http://127.0.0.1:3000", "null", `https://127.0.0.1:${port}`, `http://localhost:${port}`],
    ...[`http://127.0.0.1:${port}.evil.com`, "http://1.2.3.4", "", `http://127.0.0.1:${port}/`],
  ];
  const ran = await ranDuring(async () => {
    for (const origin of origins) {
      for (const route of light.server.routes) {
        const answer = await called(light, route, { ...light.bearer(), origin }, pathOf(route, ANN));
        expect([origin, route.path, answer.status]).toEqual([origin, route.path, 403]);
      }
    }
  });
  expect(ran).toEqual([]);
  for (const site of ["cross-site", "same-site"]) {
    expect(
      (await fetch(`${light.url}/api/health`, { headers: { ...light.bearer(), "sec-fetch-site": site } })).status,
    ).toBe(403);
  }
});

test("S06 no answer sets a cookie, a cookie is no token, and every answer has the headers", async () => {
  for (const route of light.server.routes) {
    for (const headers of [{ cookie: `token=${SECRET}` }, light.bearer()] as Record<string, string>[]) {
      if (headers.authorization && (route.method === "WS" || OUTWARD.includes(route.path))) continue;
      const answer = await called(light, route, headers, pathOf(route, ANN));
      if (headers.cookie && route.right !== "open") expect(answer.status).toBe(401);
      expect(answer.headers.get("set-cookie")).toBeNull();
      // Nobody else's page may read, not even an error.
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      await answer.body?.cancel();
    }
  }
});

test("S06 the page's own policy has a nonce that is never the same", async () => {
  const nonces = new Set<string>();
  for (let n = 0; n < 3; n++) {
    const answer = await fetch(light.url);
    const [, nonce = ""] = /'nonce-([^']+)'/.exec(answer.headers.get("content-security-policy") ?? "") ?? [];
    expect(await answer.text()).toContain(nonce);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test("S07 only JSON changes anything, with the token too", async () => {
  const before = seq();
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "",
  ];
  for (const route of light.server.routes.filter((it) => it.method === "POST")) {
    for (const type of types) {
      const headers = { ...light.bearer(), "content-type": type };
      const answer = await fetch(light.url + pathOf(route, ANN), {
        method: "POST",
        headers,
        body: '{"prompt":"x","cwd":"/"}',
      });
      expect([route.path, type, answer.status]).toEqual([route.path, type, 415]);
    }
    const bare = await fetch(light.url + pathOf(route, ANN), { method: "POST", headers: light.bearer() });
    expect(bare.status).toBe(415);
    const put = await fetch(light.url + pathOf(route, ANN), { method: "PUT", headers: light.json(), body: "{}" });
    expect(put.status).toBe(404);
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      const answer = await fetch(light.url + pathOf(route, ANN), { method, headers: light.bearer() });
      expect([method, answer.status]).toEqual([method, 415]);
    }
    const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
    for (const [origin, status] of [
      ["http://127.0.0.1:3000", 403],
      [light.url, 415],
    ] as const) {
      const headers = { ...preflight, origin };
      const answer = await fetch(light.url + pathOf(route, ANN), { method: "OPTIONS", headers });
      expect([origin, answer.status]).toEqual([origin, status]);
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  }
  expect(seq()).toBe(before);
});

test("S08 a token anywhere but in its header is none, and no word of it is printed", async () => {
  const printed = [spyOn(console, "log"), spyOn(console, "error"), spyOn(console, "warn")];
  const basic = Buffer.from(`user:${SECRET}`).toString("base64");
  const tries: [string, Record<string, string>][] = [
    [`?token=${SECRET}`, {}],
    [`?access_token=${SECRET}`, {}],
    ["", { authorization: `Basic ${basic}` }],
    ["", { authorization: SECRET }],
    ["", { referer: `${light.url}/?token=${SECRET}` }],
    ["", { "x-token": SECRET }],
    // A subprotocol counts only for an upgrade.
    ["", { "sec-websocket-protocol": `muster.v1, bearer.${SECRET}` }],
  ];
  for (const [query, headers] of tries) {
    const answer = await fetch(`${light.url}/api/state${query}`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(SECRET);
  }
  expect(JSON.stringify(printed.flatMap((spy) => spy.mock.calls))).not.toContain(SECRET);
  for (const spy of printed) spy.mockRestore();
});

test("S14 A-fault 16: paths that climb, encode or end early name nothing", async () => {
  const paths = [
    ...["/..%2f..%2fetc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd", "/assets/..%2ftoken", "/assets/%2e%2e%2ftoken"],
    ...[
      "/assets/../token",
      "/assets/token",
      "/assets/..\\token",
      "/a%00b",
      "/assets/main.js%00",
      "/api/jobs/..%2f..%2ftoken",
    ],
    ...[
      "/api/jobs/__proto__",
      "/api/jobs/constructor",
      "/api/messages/toString",
      "/api/teams/%",
      "/api/why/hasOwnProperty",
    ],
    ...["/token", "/ledger.db", "/assets/", "/assets/constructor", "/\\..\\token", "/assets/%2ftoken"],
  ];
  for (const path of paths) {
    const answer = await raw(
      light.port,
      `GET ${path} HTTP/1.1\r\nHost: ${light.host}\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`,
    );
    expect([path, answer.slice(9, 12)]).toEqual([path, "404"]);
    expect(answer).not.toContain("root:");
  }
  // Bun resolves these dots before anybody sees them: what is left is the page.
  expect(await (await fetch(`${light.url}/%2e%2e/`)).text()).toStartWith("<!doctype html>");
});

test("S16 rotating the token ends the old one, its pages, and what they have open", async () => {
  const { token } = (await (await exchange(light, await loginCode(light))).json()) as { token: string };
  const stream = await fetch(`${light.url}/api/events`, { headers: light.bearer(token) });
  const reader = stream.body?.getReader();
  await reader?.read();
  const agents = light.tokens.forAgent(ANN);
  const unused = await loginCode(light);
  const codes: Promise<number>[] = [];
  for (const path of [undefined, "/api/events"])
    await new Promise<unknown>((opened) => codes.push(closing(light, ANN, opened, token, path)));
  const order = { method: "POST", headers: light.json(), body: "{}" };
  expect((await fetch(`${light.url}/api/token/rotate`, order)).status).toBe(200);
  const rotated = performance.now();
  expect(await Promise.all(codes)).toEqual([4401, 4401]);
  expect((await reader?.read())?.done).toBe(true);
  for (const old of [SECRET, token, agents]) {
    expect((await fetch(`${light.url}/api/health`, { headers: light.bearer(old) })).status).toBe(401);
  }
  expect((await exchange(light, unused)).status).toBe(401);
  expect(performance.now() - rotated).toBeLessThan(1000);
  expect(light.saved.length).toBe(1);
  expect((await fetch(`${light.url}/api/health`, { headers: light.bearer() })).status).toBe(200);
});
