import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { hasChromium, openBrowser, openStage, type Stage } from "../web/stage.ts";

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
  const rules = "--host-resolver-rules=MAP evil.test 127.0.0.1";
  [stage, browser] = await Promise.all([openStage(), openBrowser(rules)]);
  agent = await stage.start("SAY: a secret on the screen");
}, 30_000);
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

it("S05 a foreign page opens no terminal, not even with the token", async () => {
  const { token } = await login();
  const host = `127.0.0.1:${stage.web.port}`;
  const routes = stage.web.routes.filter((route) => route.method === "WS");
  expect(routes.length).toBeGreaterThan(0);
  for (const from of strangers) {
    const page = await foreignPage(from);
    for (const { path } of routes) {
      for (const protocols of [[], ["muster.v1", `bearer.${token}`]]) {
        const seen = await page.evaluate(
          ([url, offered]) =>
            new Promise<string>((done) => {
              let bytes = 0;
              const socket = new WebSocket(url as string, offered as string[]);
              socket.onopen = () => socket.send('{"type":"keys","data":"pwn"}');
              socket.onmessage = () => bytes++;
              socket.onclose = ({ code }) => done(`${code} ${bytes}`);
            }),
          [`ws://${host}${path.replace(":id", agent)}`, protocols] as const,
        );
        expect([from, seen]).toEqual([from, "1006 0"]);
      }
    }
    await page.context().close();
  }
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
  for (const from of strangers) {
    const page = await foreignPage(from);
    const failed = await page.evaluate(
      async ([url, bearer]) => {
        const body = JSON.stringify({ prompt: "RUN: touch pwn", cwd: "/" });
        const target = `${url}/api/actions/jobs`;
        const simple = [body, new FormData(), new URLSearchParams({ prompt: "x" })];
        await Promise.allSettled(simple.map((one) => fetch(target, { method: "POST", mode: "no-cors", body: one })));
        const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
        const asked = [
          fetch(target, { method: "POST", headers, body }),
          fetch(target, { method: "PUT", headers, body }),
          fetch(`${url}/api/state`, { headers }),
        ];
        return (await Promise.allSettled(asked)).map(({ status }) => status);
      },
      [stage.web.url, token] as const,
    );
    expect(failed).toEqual(["rejected", "rejected", "rejected"]);
    await page.context().close();
  }
  const heard = stage.daemon.log.read(before).filter((fact) => fact.by === "user");
  expect(heard).toEqual([]);
}, 30_000);

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
  await second.context().close();
  await page.context().close();
}, 30_000);
