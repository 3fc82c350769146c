import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { openClient } from "../../src/client/client.ts";
import { observe } from "../../src/core/commands.ts";
import { DAEMON } from "../../src/core/ids.ts";
import { called, type Light, openLight, pathOf, raw } from "../web/light.ts";

const ANN = "a0000001";
const TUNNEL = "my-tunnel.example";
let light: Light;

beforeAll(() => {
  light = openLight();
  light.hire(ANN);
});
afterAll(() => light.stop());

/** What config.yaml says of hosts. */
const allow = (...hosts: string[]) =>
  light.engine.dispatch(observe({ type: "config.loaded", changes: { hosts } }), DAEMON);
beforeEach(() => void allow());

/** The status of a request under this host, with a valid token. */
async function status(host: string, more: Record<string, string> = {}): Promise<string> {
  const headers = { ...light.bearer(), ...more };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (await raw(light.port, `GET /api/health HTTP/1.1\r\nHost: ${host}\r\n${lines.join("")}\r\n`)).slice(9, 12);
}

test("S03 a tunnel's host is served only while the person's config allows it, and none that looks like it", async () => {
  expect(await status(TUNNEL)).toBe("403");
  allow(TUNNEL, "other.example:8443");
  expect([await status(TUNNEL), await status("other.example:8443"), await status(light.host)]).toEqual([
    ...["200", "200", "200"],
  ]);
  const alike = [`${TUNNEL}.evil.com`, `x.${TUNNEL}`, `${TUNNEL}:${light.port}`, `${TUNNEL}:443`, `${TUNNEL}.`];
  for (const host of [...alike, TUNNEL.toUpperCase(), "my-tunnel", "example", "other.example", "evil.com"])
    expect([host, await status(host)]).toEqual([host, "403"]);
  allow("other.example:8443");
  expect(await status(TUNNEL)).toBe("403");
});

test("S04 under a tunnel's host only its own origins are served, and loopback is none by https", async () => {
  allow(TUNNEL);
  for (const origin of [`https://${TUNNEL}`, `http://${TUNNEL}`])
    expect([origin, await status(TUNNEL, { origin })]).toEqual([origin, "200"]);
  const foreign = ["null", "https://evil.com", `http://${light.host}`, `https://${TUNNEL}:8443`, `https://x.${TUNNEL}`];
  for (const origin of foreign) expect([origin, await status(TUNNEL, { origin })]).toEqual([origin, "403"]);
  for (const origin of [`https://${light.host}`, `https://${TUNNEL}`, `http://${TUNNEL}`])
    expect([origin, await status(light.host, { origin })]).toEqual([origin, "403"]);
  expect(await status(TUNNEL, { "sec-fetch-site": "cross-site" })).toBe("403");
});

test("S01 under a tunnel's host every route needs a token, too", async () => {
  allow(TUNNEL);
  for (const route of light.server.routes.filter(({ right }) => right !== "open")) {
    const answer = await called(light, route, { host: TUNNEL, origin: `https://${TUNNEL}` }, pathOf(route, ANN));
    expect([route.path, answer.status]).toEqual([route.path, 401]);
  }
});

test("S09 a login names a tunnel's address only where the page answers, and is made over the unix socket alone", async () => {
  const client = openClient({ socket: light.socket });
  const login = (at?: string) => client.post<{ url: string }>("/api/login", at === undefined ? {} : { at });
  const refusal = (at: string) =>
    login(at).then(
      () => "",
      (error) => `${error.code}: ${error.message}; ${error.hint}`,
    );
  expect(await refusal(`https://${TUNNEL}`)).toMatch(
    /^state: the page does not answer at https:\/\/my-tunnel\.example; allow it in config\.yaml .*web: \{ hosts: \["my-tunnel\.example"\] \}$/,
  );
  allow(TUNNEL);
  expect((await login(`https://${TUNNEL}/`)).url).toMatch(/^https:\/\/my-tunnel\.example\/#code=[\w-]{43}$/);
  expect((await login(`http://localhost:${light.port}`)).url).toStartWith(`http://localhost:${light.port}/#code=`);
  expect(await refusal(`https://127.0.0.1:${light.port}`)).toStartWith("state: ");
  for (const wrong of [`https://me:word@${TUNNEL}`, `https://${TUNNEL}/?x`, `ftp://${TUNNEL}`, "x"])
    expect([wrong, await refusal(wrong)]).toEqual([wrong, expect.stringMatching(/^usage: /)]);
  const order = { method: "POST", headers: light.json(), body: JSON.stringify({ at: `https://${TUNNEL}` }) };
  expect((await fetch(`${light.url}/api/login`, order)).status).toBe(403);
});
