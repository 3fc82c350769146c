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
    expect((await fetch(light.url + path, { method: "POST", headers, body: claimed })).status).toBeOneOf([400, 403]);
  }
  expect(Object.keys(light.engine.state.agents).length).toBe(before);
  expect(light.engine.state.notices.some((it) => it.about === ANN && it.text.includes("/api/shutdown"))).toBe(true);
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

test("S15 a forged, foreign or ended agent's token is none", async () => {
  const token = light.tokens.forAgent(ANN);
  expect(light.tokens.grant(token.replace(ANN, BEN))).toBeNull();
  expect(light.tokens.grant(`agent.${ANN}.`)).toBeNull();
  light.hire("c0000003");
  light.parts.operations.kill("c0000003", true, PERSON);
  expect(light.tokens.grant(light.tokens.forAgent("c0000003"))).toBeNull();
});
