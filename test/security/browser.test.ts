import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { observe } from "../../src/core/commands.ts";
import { DAEMON } from "../../src/core/ids.ts";
import { FIRST_START_MS, hasChromium, openBrowser, openStage, type Stage } from "../web/stage.ts";

let stage: Stage;
let browser: Browser;
/** A page of somebody else, on another port of this machine and under another name. */
let stranger: Bun.Server<undefined>;
let strangers: string[];
let agent = "";
const it = test.skipIf(!hasChromium);

beforeAll(async () => {
  if (!hasChromium) return;
  stranger = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response("<!doctype html><title>stranger</title>", { headers: { "content-type": "text/html" } }),
  });
  const { port } = stranger;
  strangers = [`http://127.0.0.1:${port}`, `http://evil.test:${port}`];
  const rules = "--host-resolver-rules=MAP evil.test 127.0.0.1, MAP my-tunnel.test 127.0.0.1";
  [stage, browser] = await Promise.all([openStage(), openBrowser(rules)]);
  agent = await stage.start("SAY: a secret on the screen");
}, FIRST_START_MS);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stranger.stop(true);
  await stage.end();
}, 30_000);

async function foreignPage(url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return page;
}

/** Opens this terminal in this page and types at once: how the socket ended, and what it heard. */
const typeFrom = (page: Page, url: string, protocols: string[], typed: string): Promise<string> =>
  page.evaluate(
    ([address, offered, data]) =>
      new Promise<string>((done) => {
        let frames = 0;
        const socket = new WebSocket(address as string, offered as string[]);
        socket.onopen = () => socket.send(JSON.stringify({ type: "keys", data }));
        socket.onmessage = () => {
          frames++;
          socket.close(4999);
        };
        socket.onclose = ({ code }) => done(`${code} ${frames > 0}`);
      }),
    [url, protocols, typed] as const,
  );

const screen = async (): Promise<string> =>
  (await stage.client.get<{ text: string }>(`/api/jobs/${agent}/capture?lines=50`)).text;

it("S05 a foreign page opens no terminal, not even with the token, and types nothing", async () => {
  const { token } = await login();
  const { port } = stage.web;
  const routes = stage.web.routes.filter((route) => route.method === "WS");
  expect(routes.length).toBeGreaterThan(0);
  const paths = routes.map(({ path }) => path.replace(":id", agent));
  const offers = [[], ["muster.v1"], ["muster.v1", `bearer.${token}`]];
  // Chromium makes a page wait whose sockets failed sixteen times: beyond the first path only the strongest.
  const tries = paths.flatMap((path, n) => offers.slice(n === 0 ? 0 : -1).map((protocols) => ({ path, protocols })));
  for (const from of strangers) {
    const page = await foreignPage(from);
    for (const host of ["127.0.0.1", "localhost", "evil.test"]) {
      for (const { path, protocols } of tries) {
        const seen = await typeFrom(page, `ws://${host}:${port}${path}`, protocols, "pwn");
        expect([from, host, seen]).toEqual([from, host, "1006 false"]);
      }
    }
    await page.context().close();
  }
  // Under a rebound name our own port shows nothing.
  const rebound = await foreignPage(`http://evil.test:${port}`);
  expect(await rebound.content()).not.toContain("main.js");
  await rebound.context().close();
  // The same from the page itself, so that the others are known to have been refused for what they are.
  const own = await stage.page(browser);
  const address = `ws://127.0.0.1:${port}${paths[0]}`;
  expect(await typeFrom(own, address, ["muster.v1", `bearer.${token}`], "from the page")).toBe("4999 true");
  expect(await typeFrom(own, address, ["muster.v1"], "pwn")).toBe("1006 false");
  while (!(await screen()).includes("from the page")) await own.evaluate(() => 0);
  expect(await screen()).not.toContain("pwn");
  await own.context().close();
}, 30_000);

async function login(): Promise<{ token: string }> {
  const { url } = await stage.client.post<{ url: string }>("/api/login", {});
  const code = url.split("#code=")[1];
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${stage.web.url}/auth/exchange`, {
    method: "POST",
    headers,
    body: JSON.stringify({ code }),
  });
  return (await answer.json()) as { token: string };
}

it("S07 what a foreign page can post without asking changes nothing, and what it must ask for is refused", async () => {
  const { token } = await login();
  const before = stage.daemon.engine.state.seq;
  const paths = stage.web.routes
    .filter(({ method }) => method === "POST")
    .map(({ path }) => path.replace(":id", agent).replace(":name", "demo"));
  for (const from of strangers) {
    const page = await foreignPage(from);
    const failed = await page.evaluate(
      async ([url, bearer, targets]) => {
        const body = JSON.stringify({ prompt: "RUN: touch pwn", cwd: "/", message: "pwn", keys: "pwn" });
        const simple = [undefined, body, new FormData(), new URLSearchParams({ prompt: "x" }), new Blob([body])];
        for (const path of targets as string[]) {
          const posts = simple.map((one) => fetch(url + path, { method: "POST", mode: "no-cors", body: one }));
          await Promise.allSettled(posts);
          navigator.sendBeacon(url + path, body);
        }
        // A form needs no script at all; what it gets is shown in a frame.
        for (const kind of ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]) {
          const frame = document.createElement("iframe");
          frame.name = kind;
          const form = document.createElement("form");
          Object.assign(form, { action: `${url}/api/actions/jobs`, method: "post", enctype: kind, target: kind });
          form.append(
            Object.assign(document.createElement("input"), { name: '{"prompt":"x","cwd":"/","a":"', value: '"}' }),
          );
          document.body.append(frame, form);
          const loaded = new Promise((done) => {
            frame.onload = done;
          });
          form.submit();
          await loaded;
        }
        const target = `${url}/api/actions/jobs`;
        const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
        const asked = [
          fetch(target, { method: "POST", headers, body }),
          fetch(target, { method: "PUT", headers, body }),
          fetch(target, { method: "DELETE", headers }),
          fetch(`${url}/api/state`, { headers }),
          fetch(target, { method: "POST", mode: "no-cors", headers, body }).then((it) => it.json()),
        ];
        return (await Promise.allSettled(asked)).map(({ status }) => status);
      },
      [stage.web.url, token, paths] as const,
    );
    expect(failed).toEqual(Array.from({ length: 5 }, () => "rejected"));
    await page.context().close();
  }
  const heard = () => stage.daemon.log.read(before).filter((fact) => fact.by === "user");
  expect(heard()).toEqual([]);
  // The daemon heard all of it, and would have done it for the page itself.
  await stage.client.post(`/api/actions/jobs/${agent}/send`, { message: "SAY: from a person" });
  expect(heard().map(({ type }) => type)).toEqual(["message.queued"]);
  expect(await screen()).not.toContain("pwn");
}, 60_000);

it("S12 the page is shown in no frame, and who opens it keeps no hold of it", async () => {
  const page = await foreignPage(strangers[0] ?? "");
  await page.evaluate((url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
    return new Promise((done) => {
      frame.onload = done;
    });
  }, stage.web.url);
  const inside = page.frames().find((frame) => frame !== page.mainFrame());
  expect(inside).toBeDefined();
  // What the browser shows instead is its own page, or one that cannot be looked into.
  const shown = await inside?.evaluate(() => document.documentElement.outerHTML).catch(() => "");
  expect(shown).not.toContain("/assets/main.js");
  const popup = page.waitForEvent("popup");
  await page.evaluate((url) => {
    (window as unknown as { held: Window | null }).held = window.open(url);
  }, stage.web.url);
  const opened = await popup;
  await opened.waitForLoadState();
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  expect(await page.evaluate(() => (window as unknown as { held: Window | null }).held?.closed ?? true)).toBe(true);
  await page.context().close();
  // Also where the frame's request looks like our own: the policy of the answer itself.
  const answer = await fetch(stage.web.url);
  expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
}, 30_000);

it("S03 under a host that the person allowed the page works whole, with its sockets; under others nothing is shown", async () => {
  const at = `http://my-tunnel.test:${stage.web.port}`;
  const before = await foreignPage(at);
  expect(await before.content()).not.toContain("main.js");
  const changes = { hosts: [new URL(at).host] };
  stage.daemon.engine.dispatch(observe({ type: "config.loaded", changes }), DAEMON);
  const { url } = await stage.client.post<{ url: string }>("/api/login", { at });
  const page = await foreignPage(url);
  await page.locator(".line.live").waitFor();
  await page.goto(`${at}/#/agents/${agent}`);
  await page.locator(".xterm-rows", { hasText: "a secret on the screen" }).waitFor();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("typed through it");
  await page.locator(".xterm-rows", { hasText: "typed through it" }).waitFor();
  stage.daemon.engine.dispatch(observe({ type: "config.loaded", changes: {} }), DAEMON);
  await page.reload();
  expect(await page.content()).not.toContain("main.js");
  await Promise.all([before.context().close(), page.context().close()]);
}, 30_000);

it("S18 the page speaks to its own origin only, whatever its address says, and starts nothing by itself", async () => {
  const page = await stage.page(browser);
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  page.on("websocket", (socket) => asked.add(new URL(socket.url()).origin.replace(/^ws/, "http")));
  const before = Object.keys(stage.daemon.engine.state.agents).length;
  const evil = `127.0.0.1:${stranger.port}`;
  const addresses = [
    `/?daemon=ws://${evil}&server=http://${evil}&url=http://${evil}`,
    `/#server=http://${evil}&token=x`,
    "/?prompt=RUN:%20touch%20pwn#/new?prompt=RUN:%20touch%20pwn&submit=1",
    `/#/agents/${agent}?send=pwn`,
    `/#/agents/..%2f..%2fapi%2fshutdown`,
  ];
  for (const address of addresses) {
    await page.goto(stage.web.url + address);
    await page.reload();
    await page.locator(".line.live").waitFor();
    await page.locator(".agent", { hasText: agent }).waitFor();
    if (address.includes("#/agents"))
      await page.locator(".xterm-rows", { hasText: "a secret on the screen" }).waitFor();
  }
  expect([...asked]).toEqual([stage.web.url]);
  expect(Object.keys(stage.daemon.engine.state.agents).length).toBe(before);
  expect(Object.values(stage.daemon.engine.state.messages).filter(({ preview }) => preview.includes("pwn"))).toEqual(
    [],
  );
  await page.context().close();
}, 30_000);

it("S09 the code leaves the address before anything else happens, and an old one says so", async () => {
  const { url } = await stage.client.post<{ url: string }>("/api/login", {});
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await page.locator(".line.live").waitFor();
  expect(page.url()).not.toContain("code");
  expect(await page.evaluate(() => document.cookie + JSON.stringify(localStorage))).not.toContain("page.");
  const second = await (await browser.newContext()).newPage();
  await second.goto(url);
  await second.getByText("this login was used or is too old").waitFor();
  // In the query it is no login: it stays unused, and would otherwise stand in every log on the way.
  const fresh = (await stage.client.post<{ url: string }>("/api/login", {})).url;
  await second.goto(fresh.replace("#", "?"));
  await second.getByText("muster dashboard").first().waitFor();
  expect(await second.evaluate(() => sessionStorage.length)).toBe(0);
  await second.goto(fresh);
  await second.locator(".line.live").waitFor();
  await second.context().close();
  await page.context().close();
}, 30_000);
