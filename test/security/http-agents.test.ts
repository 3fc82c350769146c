import { afterAll, beforeAll, expect, test } from "bun:test";
import { PERSON } from "../../src/core/ids.ts";
import { called, closing, type Light, openLight, pathOf } from "../web/light.ts";

const ANN = "a0000001";
const BEN = "b0000002";
let light: Light;

beforeAll(() => {
  light = openLight();
  light.hire(ANN);
  light.hire(BEN);
});
afterAll(() => light.stop());

const closed = () => light.server.routes.filter((route) => route.right !== "open");

/** All that a person may, and an agent not, with bodies that would be accepted. */
const WISHES: [string, unknown][] = [
  ["/api/actions/jobs", { prompt: "x", cwd: "/r" }],
  [`/api/actions/jobs/${BEN}/send`, { message: "x" }],
  [`/api/actions/jobs/${ANN}/keys`, { keys: "x" }],
  [`/api/actions/jobs/${BEN}/kill`, {}],
  [`/api/actions/jobs/${ANN}/answer`, { question: "q", choice: "allow" }],
  ["/api/teams", { repo: "/r", peerA: { driver: "standin" } }],
  ["/api/repositories/trust", { repo: "/r" }],
  ["/api/bridges/pair", { repo: "/r", right: "approve" }],
  ["/api/bridges", { repo: "/r", platform: "telegram", act: "start" }],
  ["/api/login", {}],
  ["/api/token/rotate", {}],
  ["/api/shutdown", {}],
  // Another one's name, and a letter that claims it.
  ["/api/messages", { from: BEN, to: "user", text: "x" }],
];

test("S15 an agent's token does nothing that needs a person, whatever its body claims", async () => {
  const headers = light.json(light.tokens.forAgent(ANN));
  const before = Object.keys(light.engine.state.agents).length;
  for (const [path, body] of WISHES) {
    const answer = await fetch(light.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    expect([path, answer.status]).toEqual([path, 403]);
    const claimed = JSON.stringify({ ...(body as object), scope: "*", by: "person" });
    const again = await fetch(light.url + path, { method: "POST", headers, body: claimed });
    // An agent may write letters: there the claim itself is the mistake.
    expect([path, again.status]).toEqual([path, path === "/api/messages" ? 400 : 403]);
  }
  expect(Object.keys(light.engine.state.agents).length).toBe(before);
  expect([light.pressed, Object.values(light.engine.state.messages).filter(({ from }) => from === BEN)]).toEqual([
    [],
    [],
  ]);
  // One line for each in the ledger, where a person sees it; the repetition a moment later adds none.
  const told = audited();
  for (const [path] of WISHES) {
    const route = path.replace(/(?<=jobs\/)[0-9a-f]{8}/, ":id");
    expect([route, told.filter((text) => text === `agent ${ANN} was refused POST ${route}`).length]).toEqual([
      route,
      1,
    ]);
  }
  expect(told.length).toBe(WISHES.length);
});

/** What the ledger tells of refused agents. */
const audited = (): string[] =>
  light.parts.log
    .read(0, 10_000)
    .flatMap((fact) =>
      fact.type === "notice.raised" && fact.about === ANN && fact.by === "system" ? [fact.text] : [],
    );

test("S15 there is no route by which anybody changes settings, approves by text or makes tokens for others", () => {
  const posts = light.server.routes.filter(({ method }) => method === "POST");
  const meant = posts.filter(({ path }) => /setting|config|approve|policy|token|grant/.test(path));
  // An approval is decided by its id, and by a person alone.
  expect(meant.map(({ path, right }) => `${path} ${right}`).sort()).toEqual([
    "/api/token/rotate person",
    "/api/triggers/approvals/:id/approve person",
  ]);
});

test("S15 an agent reads its own job and mail, not another's, and opens no other terminal", async () => {
  const headers = light.bearer(light.tokens.forAgent(ANN));
  const { mid } = light.parts.operations.send({ to: BEN, text: "for ben" }, PERSON);
  const own = light.parts.operations.send({ to: ANN, text: "for ann" }, PERSON);
  const status = async (path: string) => (await fetch(light.url + path, { headers })).status;
  expect(await status(`/api/messages/${mid}`)).toBe(403);
  expect(await status(`/api/messages/${own.mid}`)).toBe(200);
  for (const path of ["", "/capture", "/output"]) {
    expect(await status(`/api/jobs/${ANN}${path}`)).toBe(200);
    expect(await status(`/api/jobs/${BEN}${path}`)).toBe(403);
  }
  for (const route of closed().filter((it) => it.right === "person" && it.method === "GET")) {
    expect([route.path, await status(pathOf(route, ANN))]).toEqual([route.path, 403]);
  }
  const refused = await called(light, { method: "WS", path: `/api/terminal/${BEN}` }, headers);
  expect(refused.status).toBe(403);
  for (const path of ["GET /api/messages/:mid", "GET /api/jobs/:id/output", "WS /api/terminal/:id"]) {
    expect(audited()).toContain(`agent ${ANN} was refused ${path}`);
  }
});

test("S15 an agent may write letters as itself, and may not type into its own terminal", async () => {
  const token = light.tokens.forAgent(ANN);
  const body = JSON.stringify({ to: "user", text: "done" });
  const sent = await fetch(`${light.url}/api/messages`, { method: "POST", headers: light.json(token), body });
  expect(sent.status).toBe(201);
  const { mid } = (await sent.json()) as { mid: string };
  expect(light.engine.state.messages[mid]?.from).toBe(ANN);
  const before = light.pressed.length;
  expect(await closing(light, ANN, (socket) => socket.send('{"type":"keys","data":"x"}'), token)).toBe(4403);
  expect(light.pressed.length).toBe(before);
});

test("S28 S38 names that are globs, targets or paths mean nobody, and a short one means nobody else", async () => {
  light.hire("b0000099");
  const names = [
    "*",
    "=a0000001",
    "a0000001:b",
    "a0000001.0",
    "%1",
    "../../x",
    "..",
    "~",
    "/etc",
    "a".repeat(300),
    "👩‍🚀",
    "@",
  ];
  const before = Object.keys(light.engine.state.messages).length;
  const status = async (path: string, body: unknown, token?: string) =>
    (await fetch(light.url + path, { method: "POST", headers: light.json(token), body: JSON.stringify(body) })).status;
  for (const name of [...names, "constructor", "__proto__", ""]) {
    const at = `/api/actions/jobs/${encodeURIComponent(name)}`;
    expect([name, await status(`${at}/send`, { message: "x" })]).toEqual([name, 404]);
    expect([name, await status(`${at}/keys`, { keys: "x" })]).toEqual([name, 404]);
    expect([name, await status(`${at}/kill`, {})]).toEqual([name, 404]);
    const letter = await status("/api/messages", { to: name, text: "x" }, light.tokens.forAgent(ANN));
    expect([name, letter === 400 || letter === 404]).toEqual([name, true]);
  }
  // Two begin like this: neither is meant.
  expect(await status("/api/actions/jobs/b00000/send", { message: "x" })).toBe(400);
  expect(Object.keys(light.engine.state.messages).length).toBe(before);
  expect(await status("/api/actions/jobs/b0000099/keys", { keys: "for ben" })).toBe(200);
  expect(light.pressed.slice(-1)).toEqual([
    { pane: light.engine.state.agents.b0000099?.pane ?? "", keys: [{ text: "for ben" }] },
  ]);
});

test("S39 an agent that tells without end loses nothing: every letter is stored, a repetition is not stored again", async () => {
  light.hire("d0000004");
  const told = async (to: string, mid?: string) => {
    const body = JSON.stringify({ to, text: "again", mid });
    const headers = light.json(light.tokens.forAgent("d0000004"));
    return (await fetch(`${light.url}/api/messages`, { method: "POST", headers, body })).status;
  };
  const stored = () =>
    light.parts.log.read(0, 10_000).filter((fact) => fact.type === "message.queued" && fact.from === "d0000004").length;
  for (const to of ["user", BEN]) {
    const mids = Array.from({ length: 200 }, (_, n) => `muster-1-${to}-${n}`);
    for (const mid of mids) expect(await told(to, mid)).toBe(201);
    // A client that heard no answer asks again.
    expect(await told(to, mids[0])).toBe(201);
  }
  expect(stored()).toBe(400);
});

test("S15 a forged, foreign or ended agent's token is none", async () => {
  const token = light.tokens.forAgent(ANN);
  expect(light.tokens.grant(token.replace(ANN, BEN))).toBeNull();
  expect(light.tokens.grant(`agent.${ANN}.`)).toBeNull();
  light.hire("c0000003");
  light.parts.operations.kill("c0000003", true, PERSON);
  expect(light.tokens.grant(light.tokens.forAgent("c0000003"))).toBeNull();
});

test("S16 on the socket, too, an agent's ended token is nobody's: not the person's, who needs none there", async () => {
  const headers = light.bearer(light.tokens.forAgent(ANN));
  const ask = () => fetch("http://muster/api/health", { headers, unix: light.socket });
  expect((await ask()).status).toBe(200);
  const rotated = await fetch("http://muster/api/token/rotate", {
    ...{ method: "POST", headers: { "content-type": "application/json" }, body: "{}", unix: light.socket },
  });
  expect(await rotated.json()).toEqual({ rotated: true, agents: expect.arrayContaining([ANN]) });
  const refused = await ask();
  expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining("letters written as files")]);
});
