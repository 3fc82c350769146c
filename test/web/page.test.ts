import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { CHROMIUM, hasChromium, heard, openBrowser, openStage, type Stage, titled } from "./stage.ts";

let stage: Stage;
let browser: Browser;
const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
}, 30_000);

const rowOf = (page: Page, text: string) => page.locator(".agent", { hasText: text });
const screenOf = (page: Page, text: string) => page.locator(".xterm-rows", { hasText: text });
const finished = (job: string) => heard(stage, (fact) => fact.type === "job.finished" && fact.job === job);

it("before anything happened the page says what to do", async () => {
  const page = await stage.page(browser);
  await page.getByText("No agents yet.").waitFor();
  await page.getByText('muster run --task "what to do"').waitFor();
  await page.getByRole("link", { name: "Agents" }).click();
  await page.getByText("The terminal of the agent you choose").waitFor();
  await page.getByRole("tab", { name: "Patches" }).click();
  await page.getByText("No patches yet.").waitFor();
  await page.getByRole("tab", { name: "Messages" }).click();
  await page.getByText("Nobody has written anything yet.").waitFor();
  await page.context().close();
}, 20_000);

it("an agent appears by itself, with its state, what it does, its terminal and its line in the ledger", async () => {
  const page = await stage.page(browser);
  const agent = await stage.start("SAY: the parser is fixed");
  const row = rowOf(page, agent);
  await row.locator(".badge.green", { hasText: "idle" }).waitFor();
  await row.getByText("waits for the next message").waitFor();
  await row.click();
  await screenOf(page, "the parser is fixed").waitFor();
  await page.locator(".fact.good", { hasText: `${agent} job completed` }).waitFor();
  expect(await page.locator(".fact.quiet").count()).toBe(0);
  await page.getByLabel("every fact").check();
  await page.locator(".fact.quiet", { hasText: "terminal open" }).first().waitFor();
  await page.getByRole("searchbox").fill("no such words");
  await page.getByText("Nothing here matches the search.").waitFor();
  await page.context().close();
}, 20_000);

it("keys typed into the terminal reach the program, and a message written below is delivered", async () => {
  const agent = await stage.start("SAY: ready");
  await finished(agent);
  const page = await stage.page(browser);
  await rowOf(page, agent).click();
  await screenOf(page, "ready").waitFor();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("SAY: typed by hand");
  await screenOf(page, "> SAY: typed by hand").waitFor();
  await page.keyboard.press("Enter");
  await screenOf(page, "● typed by hand").waitFor();
  await page.getByLabel(`Message to ${agent}`).fill("SAY: sent from below");
  await page.keyboard.press("Enter");
  await screenOf(page, "● sent from below").waitFor();
  await page.locator(".composer .delivery.delivered").waitFor();
  await page.getByRole("tab", { name: "Messages" }).click();
  await page
    .locator(".letter", { hasText: `you → ${agent}` })
    .filter({ hasText: "sent from below" })
    .waitFor();
  await page.context().close();
}, 20_000);

it("a question of an agent is answered on the page", async () => {
  const agent = await stage.start("ASK: Bash touch asked.txt");
  const page = await stage.page(browser);
  await rowOf(page, agent).locator(".badge.amber", { hasText: "needs you" }).waitFor();
  await rowOf(page, agent).click();
  await page.locator(".question", { hasText: "touch asked.txt" }).waitFor();
  await page.getByRole("button", { name: "Allow once" }).click();
  await finished(agent);
  await page.locator(".question").waitFor({ state: "detached" });
  await page.context().close();
}, 20_000);

it("a dialog with choices of its own is shown as it stands on the screen, and takes one key", async () => {
  const agent = await stage.start('ASK: AskUserQuestion {"question":"Which?"}');
  const page = await stage.page(browser);
  await rowOf(page, agent).locator(".badge.amber", { hasText: "needs you" }).waitFor();
  await rowOf(page, agent).click();
  const dialog = page.getByRole("region", { name: `Dialog of ${agent}` }).first();
  await dialog.locator("pre", { hasText: "Which?" }).waitFor();
  await dialog.getByRole("button", { name: "2. No" }).click();
  await dialog.waitFor({ state: "detached" });
  const pressed = stage.daemon.log.tail(200).filter(({ type }) => type === "dialog.pressed");
  expect(pressed).toMatchObject([{ agent, pressed: "2", label: "No", by: "user" }]);
  await page.context().close();
}, 20_000);

it("an agent is ended by two clicks, and said to be", async () => {
  const agent = await stage.start("DELAY: 60000");
  const page = await stage.page(browser);
  await rowOf(page, agent).locator(".badge.blue.pulse").waitFor();
  await rowOf(page, agent).click();
  await page.getByRole("button", { name: "End", exact: true }).click();
  expect(stage.daemon.engine.state.agents[agent]?.dismissed).toBeUndefined();
  await page.getByRole("button", { name: "End it for good?" }).click();
  await page.getByText("The program has ended.").waitFor();
  await page.locator(".fact.bad", { hasText: "killed by user" }).first().waitFor();
  // The ended are drawn once somebody looks.
  expect(await page.locator(".ended .agent").count()).toBe(0);
  await page.locator(".ended summary").click();
  await page.locator(".ended .agent", { hasText: agent }).waitFor();
  await page.context().close();
}, 20_000);

it("after a lost connection the page goes on where it was", async () => {
  const agent = await stage.start("SAY: one");
  await finished(agent);
  const page = await stage.page(browser);
  await rowOf(page, agent).click();
  await screenOf(page, "one").waitFor();
  await page.context().setOffline(true);
  // Open streams are cut as a broken network would.
  await stage.cut();
  await page.locator(".line.lost").waitFor();
  const other = await stage.start("SAY: two, while nobody looked");
  await finished(other);
  await page.context().setOffline(false);
  await page.locator(".line.live").waitFor();
  await rowOf(page, other).locator(".badge.green").waitFor();
  await page.locator(".fact.good", { hasText: `${other} job completed` }).waitFor();
  await stage.client.post(`/api/actions/jobs/${agent}/send`, { message: "SAY: three" });
  await screenOf(page, "● three").waitFor();
  const seqs = await page.locator(".fact").evaluateAll((rows) => rows.map((row) => row.getAttribute("title")));
  expect(new Set(seqs).size).toBe(seqs.length);
  await page.context().close();
}, 30_000);

it("a browser may install the page as an app; nothing of it is kept for later without a daemon", async () => {
  const page = await stage.page(browser);
  const refused: string[] = [];
  page.on("console", (message) => refused.push(message.text()));
  const debug = await page.context().newCDPSession(page);
  const manifest = await debug.send("Page.getAppManifest");
  expect([manifest.errors, new URL(manifest.url).pathname]).toEqual([[], "/assets/manifest.webmanifest"]);
  const { installabilityErrors } = await debug.send("Page.getInstallabilityErrors");
  // The tabs of a test are private ones, and those install nothing.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  const kept = await page.evaluate(async () => [
    (await navigator.serviceWorker.getRegistrations()).length,
    (await caches.keys()).length,
  ]);
  expect([kept, refused]).toEqual([[0, 0], []]);
  await page.context().close();
}, 20_000);

it("a tab that is logged in asks for the facts once, before its program has come", async () => {
  const page = await stage.page(browser);
  const asked: string[] = [];
  page.on("websocket", (socket) => asked.push(new URL(socket.url()).search.replace(/\d+$/, "SEQ")));
  page.on("request", (request) => request.url().endsWith("/api/state") && asked.push("state"));
  let isHeld = true;
  const held: (() => void)[] = [];
  await page.route("**/assets/main.js", async (route) => {
    if (isHeld) await new Promise<void>((done) => held.push(done));
    await route.continue();
  });
  const early = page.waitForResponse("**/api/state");
  const loading = page.reload();
  expect((await early).headers()["content-type"]).toContain("application/json");
  isHeld = false;
  for (const go of held) go();
  await loading;
  await page.locator(".line.live").waitFor();
  await page.locator("main .tiles").waitFor();
  expect(asked).toEqual(["state", "?after=SEQ"]);
  await page.context().close();
}, 20_000);

it("a rotated token logs the page out at once", async () => {
  const page = await stage.page(browser);
  await stage.client.post("/api/token/rotate", {});
  await page.getByText("This page needs a login").waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.context().close();
}, 20_000);

it("a login that is pasted into the open tab logs it in, and a spent one says why not", async () => {
  const { url } = await stage.client.post<{ url: string }>("/api/login", {});
  const page = await (await browser.newContext()).newPage();
  await page.goto(new URL(url).origin);
  await page.getByText("This page needs a login").waitFor();
  await page.goto(url);
  await page.locator(".line.live").waitFor();
  const other = await (await browser.newContext()).newPage();
  await other.goto(url);
  await other.locator(".welcome .reason").waitFor();
  await page.context().close();
  await other.context().close();
}, 20_000);

it("who needs a person stands first, is counted in the title, and one click leads there", async () => {
  const agent = await stage.start("ASK: Bash touch asked.txt");
  await stage.start("SAY: newer than the question");
  const page = await stage.page(browser);
  await page.locator(".calls", { hasText: "1 needs you" }).click();
  await page.locator(".question pre", { hasText: /^touch asked\.txt$/ }).waitFor();
  await titled(page, "(1) Muster");
  expect(await page.locator(".agent b").first().textContent()).toBe(agent);
  await page.setViewportSize({ width: 360, height: 740 });
  const box = await page.getByRole("button", { name: /^(Light|Dark)$/ }).boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 1000)).toBeLessThanOrEqual(360);
  await page.getByRole("button", { name: "Deny" }).click();
  await page.locator(".calls").waitFor({ state: "detached" });
  await titled(page, "Muster");
  await page.context().close();
}, 20_000);

it("the page follows the system's colours until a person chooses, and remembers the choice", async () => {
  const page = await stage.page(browser);
  const scheme = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await scheme();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await scheme();
  expect(light).not.toBe(dark);
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  expect(await scheme()).toBe(dark);
  await page.reload();
  await page.locator(".line.live").waitFor();
  expect(await scheme()).toBe(dark);
  await page.context().close();
}, 20_000);

it("one letter to several is one entry, with where each of them is", async () => {
  const page = await stage.page(browser, undefined, "#/agents");
  const [one, two] = [await stage.start("SAY: first"), await stage.start("SAY: second")];
  await finished(one);
  await finished(two);
  for (const to of [one, two]) await stage.client.post(`/api/actions/jobs/${to}/send`, { message: "SAY: the same" });
  await page.getByRole("tab", { name: "Ledger" }).focus();
  await page.keyboard.press("ArrowRight");
  const letter = page.locator(".letter", { hasText: "SAY: the same" });
  for (const to of [one, two])
    await letter.locator(".delivery", { hasText: to }).locator(".fact-is", { hasText: "read" }).waitFor();
  expect(await letter.count()).toBe(1);
  await page.context().close();
}, 20_000);

it("on a narrow screen one part is shown, chosen above", async () => {
  const page = await stage.page(browser, { width: 390, height: 800 });
  await page.locator(".agent").first().click();
  await page.locator(".desk").waitFor();
  expect(await page.locator(".agents").isVisible()).toBe(false);
  await page.getByRole("button", { name: "Ledger", exact: true }).click();
  await page.locator(".feed").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.context().close();
}, 20_000);
