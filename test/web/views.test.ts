import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { observe } from "../../src/core/commands.ts";
import { DAEMON } from "../../src/core/ids.ts";
import type { State } from "../../src/core/state.ts";
import { CHROMIUM, hasChromium, heard, openBrowser, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let browser: Browser;
let page: Page;
const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

const now = (): State => stage.daemon.engine.state;
const card = (text: string): Locator => page.locator("main .agent", { hasText: text });
const panel = (name: string): Locator => page.getByRole("region", { name, exact: true });
const goTo = (name: string): Promise<void> => page.getByRole("link", { name: new RegExp(`^${name}`) }).click();
const finished = (job: string) => heard(stage, (fact) => fact.type === "job.finished" && fact.job === job);

/** Waits until the state is so. */
async function until(isSo: (state: State) => boolean): Promise<void> {
  for (let left = 400; !isSo(now()); left--) {
    if (left === 0) throw new Error(`not so: ${isSo}`);
    await Bun.sleep(25);
  }
}

const addTask = (prompt: string, more: object = {}): Promise<{ task: number }> =>
  stage.client.post("/api/queue/tasks", { prompt, cwd: join(stage.folder, "work"), agent: "standin", ...more });

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  page = await stage.page(browser);
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
}, 30_000);

it("A102 an agent is started from the page; what is refused is said in the form, and nothing that was typed is lost", async () => {
  await page.keyboard.press("n");
  const form = page.getByRole("dialog", { name: "New agent" });
  await form.getByLabel("What to do").fill("SAY: begun from the page");
  await form.getByLabel("CLI").selectOption("standin");
  await form.getByLabel("Folder").fill("/no/such/folder");
  await page.keyboard.press("Control+Enter");
  await form.getByRole("alert").waitFor();
  expect(await form.getByRole("alert").textContent()).toContain("/no/such/folder");
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "New agent", exact: true }).first().click();
  expect(await form.getByLabel("What to do").inputValue()).toBe("SAY: begun from the page");
  await form.getByLabel("Folder").fill(join(stage.folder, "work"));
  await form.getByRole("button", { name: "Start" }).click();
  await page.locator(".xterm-rows", { hasText: "● begun from the page" }).waitFor();
  expect(new URL(page.url()).hash).toStartWith("#/agents/");
}, 20_000);

it("A91 Home says who needs a person, who works, what was done and what went wrong, each with its why", async () => {
  const asking = await stage.start("ASK: Bash touch asked.txt");
  const dying = await stage.start("DELAY: 600000");
  await until(({ agents }) => agents[dying]?.activity === "busy");
  await goTo("Home");
  const need = page.locator(".need", { hasText: asking });
  await need.locator("pre", { hasText: /^touch asked\.txt$/ }).waitFor();
  await card(dying).locator(".badge.blue", { hasText: "running" }).waitFor();
  await panel("Done").locator("li", { hasText: "SAY: begun from the page" }).waitFor();
  await need.getByRole("button", { name: "Deny" }).click();
  await need.waitFor({ state: "detached" });
  await page.getByText("Nothing needs you.").waitFor();
  const killed = await stage.start("DELAY: 600001");
  await stage.client.post(`/api/actions/jobs/${killed}/kill`, {});
  await finished(killed);
  process.kill(now().agents[dying]?.pid ?? 0, "SIGKILL");
  const wrong = panel("Went wrong").locator("li", { hasText: dying });
  await wrong.getByText("signal 9").waitFor();
  expect(await panel("Went wrong").locator("li").count()).toBe(1);
  await wrong.getByRole("button", { name: `Why, ${dying}` }).click();
  await wrong.locator(".told dt", { hasText: "What would change it" }).waitFor();
  await wrong.getByRole("button", { name: `Hide ${dying}` }).click();
  await wrong.waitFor({ state: "detached" });
  await page.reload();
  await panel("Agents").waitFor();
  expect(await panel("Went wrong").count()).toBe(0);
}, 20_000);

it("A103 the palette finds views, agents and commands by a few letters, keys travel, and ? shows them all", async () => {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await palette.getByRole("combobox").fill("timel");
  await page.keyboard.press("Enter");
  await palette.waitFor({ state: "detached" });
  await page.locator("main.timeline").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.locator("main.pipeline").waitFor();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.locator("dl div", { hasText: "start an agent" }).locator("kbd", { hasText: /^n$/ }).waitFor();
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("mode sprint");
  await page.keyboard.press("Enter");
  await until(({ triggers }) => triggers.active === "sprint");
  await page.locator(".top .mode", { hasText: "sprint" }).waitFor();
  await page.goBack();
  await page.locator("main.timeline").waitFor();
}, 20_000);

it("A93 the timeline shows what happened, by kind, by agent and by words, and what comes while it is read", async () => {
  const agent = await stage.start("SAY: for the timeline");
  await finished(agent);
  const list = page.getByRole("list", { name: "What happened" });
  await list.locator(".fact-row.good", { hasText: agent }).filter({ hasText: "job completed" }).waitFor();
  await page.getByRole("button", { name: "Errors", exact: true }).click();
  await list.locator(".fact-row.bad", { hasText: "killed by user" }).first().waitFor();
  expect(await list.locator(".fact-row.good").count()).toBe(0);
  await page.getByRole("button", { name: "Everything", exact: true }).click();
  await page.getByLabel("Agent", { exact: true }).selectOption(agent);
  await page.getByRole("searchbox", { name: "Search" }).fill("terminal open");
  await list.locator(".fact-row", { hasText: "terminal open" }).first().waitFor();
  const names = new Set(await list.locator(".who").allTextContents());
  expect([...names]).toEqual([agent]);
  await page.getByRole("searchbox", { name: "Search" }).fill("no such words");
  await page.getByText("Nothing here matches.").waitFor();
}, 20_000);

it("A99 the queue is reordered by dragging and by keys; two tabs stay equal", async () => {
  await stage.client.post("/api/modes/deactivate", {});
  const { task: one } = await addTask("the first");
  const { task: two } = await addTask("the second");
  const { task: three } = await addTask("the third", { after: [one] });
  await goTo("Orchestrator");
  const other = await stage.page(browser, undefined, "#/orchestrator");
  const order = async (of: Page): Promise<string[]> => of.locator(".task > b").allTextContents();
  const whole = (...tasks: number[]) => tasks.map((task) => `#${task}`);
  await panel("Queue").locator("li", { hasText: "the third" }).waitFor();
  expect(await order(page)).toEqual(whole(one, two, three));
  await page.getByLabel(`Task #${two}`, { exact: true }).dragTo(page.getByLabel(`Task #${one}`, { exact: true }));
  await until(({ queue }) => (queue.tasks[two]?.order.priority ?? 0) > (queue.tasks[one]?.order.priority ?? 0));
  for (const of of [page, other]) {
    await of.locator(".task", { hasText: "priority" }).first().waitFor();
    expect(await order(of)).toEqual(whole(two, one, three));
  }
  await other.getByRole("button", { name: `#${three} earlier` }).click();
  await until(({ queue }) => queue.tasks[three]?.order.priority !== 0);
  await page.locator(".task", { hasText: "the third" }).getByText("priority").waitFor();
  expect(await order(page)).toEqual(whole(two, three, one));
  const waits = panel("Queue").getByLabel(`Task #${three}`, { exact: true });
  await waits.getByText(`it waits for #${one}, which is pending`).waitFor();
  await waits.getByRole("button", { name: "Remove" }).click();
  await waits.locator(".badge", { hasText: "cancelled" }).waitFor();
  await waits.getByRole("button", { name: "Retry" }).click();
  await waits.locator(".badge", { hasText: "waiting" }).waitFor();
  await other.context().close();
}, 30_000);

it("A99 A94 a trigger is added, tested without an effect, and approved; what it then did stands in the activity", async () => {
  const triggers = panel("Triggers");
  await triggers.getByText("Add a trigger").click();
  await triggers.getByLabel("Name").fill("tell");
  await triggers.getByLabel("Condition").fill("job_done");
  await triggers.getByLabel("Then").selectOption("notify");
  await triggers.getByLabel("Message").fill("job {{job.id}} is over");
  await triggers.getByRole("button", { name: "Add", exact: true }).click();
  await triggers.getByRole("alert").waitFor();
  expect(await triggers.getByRole("alert").textContent()).toContain("job_done");
  await triggers.getByLabel("Condition").fill("job_completed");
  await triggers.getByRole("button", { name: "Add", exact: true }).click();
  const row = triggers.getByLabel("Trigger tell");
  await row.getByRole("button", { name: "Test" }).click();
  await row.getByText("it would notify you: job").waitFor();
  expect(now().triggers.all.tell?.fired).toBe(0);
  const agent = await stage.start("SAY: something to tell");
  const approval = panel("Approvals").locator(".need", { hasText: `job ${agent} is over` });
  await approval.getByRole("button", { name: "Approve" }).click();
  await approval.waitFor({ state: "detached" });
  await panel("Activity").getByText("tell", { exact: false }).first().waitFor();
  await goTo("Notifications");
  await page.locator(".notice.unread", { hasText: `job ${agent} is over` }).waitFor();
  const other = await stage.page(browser, undefined, "#/notifications");
  await other.locator(".notice.unread", { hasText: `job ${agent} is over` }).waitFor();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  for (const tab of [page, other]) await tab.getByRole("heading", { name: "All read" }).waitFor();
  await other.context().close();
}, 30_000);

it("A96 terminals stand side by side, chosen by name, and the choice outlives the page", async () => {
  await goTo("Terminals");
  await page.getByRole("button", { name: "2×2", exact: true }).click();
  const first = page.getByRole("region", { name: "Terminal 1", exact: true });
  const wanted = Object.values(now().agents).find(
    ({ pane, job }) => pane && job && now().jobs[job]?.prompt.includes("timeline"),
  );
  await first.getByLabel("Agent of terminal 1").selectOption(wanted?.hire.agent ?? "");
  await first.locator(".xterm-rows", { hasText: "● for the timeline" }).waitFor();
  await page.reload();
  await first.locator(".xterm-rows", { hasText: "● for the timeline" }).waitFor();
  expect(await page.getByLabel(/^Agent of terminal/).count()).toBeGreaterThan(2);
  await first.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("SAY: typed side by side");
  await page.keyboard.press("Enter");
  await first.locator(".xterm-rows", { hasText: "● typed side by side" }).waitFor();
}, 30_000);

it("A97 the pipeline has a bar for each job and task, and leads there", async () => {
  await goTo("Pipeline");
  const chart = page.getByRole("list", { name: "Pipeline" });
  await chart.locator("li", { hasText: "SAY: for the timeline" }).locator(".bar.green").waitFor();
  await page.getByRole("button", { name: "tasks", exact: true }).click();
  await chart.locator("li", { hasText: "the third" }).getByText("waits").waitFor();
  expect(await page.locator(".links path").count()).toBe(1);
  await page.getByRole("button", { name: "jobs", exact: true }).click();
  await chart.getByRole("button", { name: /for the timeline/ }).click();
  await page.locator(".xterm-rows", { hasText: "● for the timeline" }).waitFor();
}, 20_000);

it("A92 of an agent the order, the conversation, the changes and the events are shown; it gets another job, and is cleared", async () => {
  const agent = await stage.start("SAY: look at me");
  await finished(agent);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/jobs/${agent}`);
  await page.locator(".xterm-rows", { hasText: "● look at me" }).waitFor();
  await page.getByRole("tab", { name: "Terminal" }).focus();
  await page.keyboard.press("ArrowRight");
  const shown = page.getByRole("tabpanel", { name: "Conversation" });
  await shown.locator(".said.user", { hasText: "SAY: look at me" }).waitFor();
  await shown.locator(".said.assistant", { hasText: "look at me" }).waitFor();
  await page.getByRole("tab", { name: "Order" }).click();
  await page.locator("pre.whole", { hasText: /^SAY: look at me$/ }).waitFor();
  await page.locator(".account div", { hasText: "Outcome" }).getByText("completed").waitFor();
  await page.getByRole("tab", { name: "Changes" }).click();
  await page.getByText("It has changed no file that its CLI wrote down.").waitFor();
  await page.getByRole("tab", { name: "Events" }).click();
  await page.locator(".events li.good", { hasText: "job completed" }).waitFor();
  await page.getByLabel(`Message to ${agent}`).fill("SAY: the next job");
  await page.getByRole("button", { name: "New job" }).click();
  await finished(`${agent}#2`);
  await page.getByRole("tab", { name: "Order" }).click();
  await page.locator("pre.whole", { hasText: /^SAY: the next job$/ }).waitFor();
  const before = now().agents[agent]?.session;
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await until(({ agents }) => agents[agent]?.session !== before);
  await page.getByRole("tab", { name: "Terminal" }).click();
}, 40_000);

it("A104 what is not there is said in words, with what to do", async () => {
  const fresh = await openStage();
  const own = await fresh.page(browser);
  await own.getByText("No agents yet.").waitFor();
  for (const [place, words] of [
    ["orchestrator", "No triggers. A mode brings a set of them"],
    ["split", "No terminal is open."],
    ["pipeline", "Nothing within this time."],
    ["notifications", "Nothing was told yet."],
    ["timeline", "Nothing of this kind has happened."],
  ] as const) {
    await own.goto(`${fresh.web.url}/#/${place}`);
    await own.getByText(words).first().waitFor();
  }
  const repo = join(fresh.folder, "bare");
  await Bun.write(join(repo, "PROJECT.md"), "A project.\n");
  Bun.spawnSync(["git", "init", "-q"], { cwd: repo, env: { PATH: process.env.PATH, HOME: fresh.folder } });
  const peer = { driver: "standin" };
  await fresh.client.post("/api/teams", { repo, name: "crew", peerA: peer, peerB: peer });
  await own.goto(`${fresh.web.url}/#/teams`);
  await own.getByLabel("Boards").getByText("There is no POR.md yet").waitFor();
  await own.context().close();
  await fresh.end();
}, 30_000);

it("a lost connection says since when what is shown may be out of date", async () => {
  await page.context().setOffline(true);
  await stage.cut();
  await page.locator(".line.lost", { hasText: /^stale since \d\d:\d\d:\d\d \(\d+s\), trying again$/ }).waitFor();
  stage.daemon.engine.dispatch(observe({ type: "notice.raised", level: "info", text: "said meanwhile" }), DAEMON);
  await page.context().setOffline(false);
  await page.locator(".line.live").waitFor();
  await goTo("Notifications");
  await page.locator(".notice", { hasText: "said meanwhile" }).waitFor();
}, 30_000);
