import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { until, World } from "../journeys/world.ts";
import { CHROMIUM, hasChromium, openBrowser } from "./stage.ts";

const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

let world: World;
let browser: Browser;
/** Tabs of one person share what a browser gives to one server. */
let context: BrowserContext;
let tabs: Page[] = [];

beforeAll(async () => {
  if (!hasChromium) return;
  world = new World();
  [browser] = await Promise.all([openBrowser(), world.boot()]);
  context = await browser.newContext();
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await world.end();
}, 30_000);

async function openTab(at = ""): Promise<Page> {
  const { url } = await world.client.post<{ url: string }>("/api/login", {});
  const page = await context.newPage();
  page.setDefaultTimeout(12_000);
  await page.goto(url);
  await page.locator(".line.live").waitFor();
  if (at) await page.goto(new URL(at, url).href);
  return page;
}

/** A tab that lists every fact. */
async function openTimeline(): Promise<Page> {
  const page = await openTab("#/timeline");
  await page.getByRole("button", { name: "Everything", exact: true }).click();
  return page;
}

const told = (page: Page, text: string) => page.locator(".fact-row", { hasText: text }).waitFor();

const note = (text: string) => world.client.post("/api/orchestrator/note", { text });
const rowOf = (page: Page, agent: string) => page.locator(".agent", { hasText: agent });
const screenOf = (page: Page, text: string) => page.locator(".xterm-rows", { hasText: text });

it("F1 F39 when the daemon is killed, an open page says since when it is stale, and goes on by itself after its start", async () => {
  const agent = await world.start("SAY: before the end");
  const page = await openTab("#/agents");
  await rowOf(page, agent).click();
  await screenOf(page, "● before the end").waitFor();
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  const { port } = new URL(page.url());
  await world.kill();
  await page.locator(".line.lost", { hasText: /^stale since \d\d:\d\d:\d\d \(\d+s\), trying again$/ }).waitFor();
  // What was true stays there, and the terminal with it.
  await rowOf(page, agent).waitFor();
  await screenOf(page, "● before the end").waitFor();
  await world.boot({}, ["--port", port]);
  await page.locator(".line.live").waitFor();
  const other = await world.start("SAY: after the start");
  await rowOf(page, other).locator(".badge.green").waitFor();
  await page.locator(".xterm-helper-textarea").focus();
  await until("the terminal is connected", async () => {
    await page.keyboard.type("S");
    return (await screenOf(page, "> S").count()) > 0;
  });
  await page.keyboard.type("AY: typed after the start");
  await page.keyboard.press("Enter");
  await screenOf(page, "typed after the start").waitFor();
  expect(await page.evaluate(() => "isSame" in window)).toBe(true);
  await page.close();
}, 30_000);

it("F25 more tabs than a browser has connections for are all live, each hears what happens", async () => {
  tabs = await Promise.all(Array.from({ length: 7 }, openTimeline));
  await note("heard by every tab");
  for (const tab of tabs) await told(tab, "heard by every tab");
}, 30_000);

it("F25 a tab that sleeps while megabytes of facts come is cut off, the others are not, and it catches up when it wakes", async () => {
  const [awake, asleep] = tabs.splice(0, 2) as [Page, Page];
  await Promise.all(tabs.map((tab) => tab.close()));
  let sockets = 0;
  asleep.on("websocket", () => {
    sockets += 1;
  });
  const debug = await context.newCDPSession(asleep);
  // Its thread stands still, as that of a laptop that was closed.
  await debug.send("Debugger.enable");
  const stopped = new Promise((done) => debug.once("Debugger.paused", done));
  await debug.send("Debugger.pause");
  await stopped;
  const text = "x".repeat(8000);
  for (let n = 0; n < 60; n++) await Promise.all(Array.from({ length: 12 }, () => note(text)));
  await note("the last of them");
  await told(awake, "the last of them");
  await awake.locator(".line.live").waitFor();
  await debug.send("Debugger.resume");
  await told(asleep, "the last of them");
  await asleep.locator(".line.live").waitFor();
  expect(sockets).toBeGreaterThan(0);
}, 30_000);
