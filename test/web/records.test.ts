import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { CHROMIUM, hasChromium, heard, openBrowser, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let browser: Browser;
let page: Page;
const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

const jobs: Record<string, string> = {};
const go = (place: string): Promise<void> => page.getByRole("link", { name: new RegExp(`^${place}`) }).click();
const HOSTILE = [
  "# Rules",
  "Read **this** and `that`.",
  "",
  "- [x] done",
  "1. first",
  "",
  "| a | b |",
  "|---|---|",
  "| 1 | 2 |",
  "",
  "<img src=x onerror=\"document.title='owned'\">",
  "",
  "<script>document.title='owned'</script>",
  "",
  "[click](javascript:document.title='owned') [out](https://example.org/x)",
  "![pixel](https://example.org/pixel.png)",
  "API_KEY=abcdef123456",
].join("\n");

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  const own = (path: string) => join(stage.folder, ".claude", path);
  await Bun.write(own("CLAUDE.md"), HOSTILE);
  await Bun.write(own(".credentials.json"), "{}");
  await Bun.write(own("skills/one/SKILL.md"), "# One\nfind these words\n");
  const finished = (agent: string) => heard(stage, (fact) => fact.type === "job.finished" && fact.job === agent);
  jobs.done = await stage.start("RUN: true\nSAY: the parser is fixed");
  await finished(jobs.done);
  jobs.dead = await stage.start("DELAY: 600000");
  await heard(stage, (fact) => fact.type === "turn.started" && fact.agent === jobs.dead);
  await stage.client.post(`/api/actions/jobs/${jobs.dead}/kill`, {});
  await finished(jobs.dead);
  page = await stage.page(browser);
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
}, 30_000);

it("A100 the CLI's folder is read: parts, folders, texts with secrets masked, and what is withheld", async () => {
  await go("Files");
  await page.getByRole("toolbar", { name: "Parts" }).getByRole("button", { name: "CLAUDE.md" }).click();
  const file = page.getByRole("region", { name: "File", exact: true });
  await file.getByRole("button", { name: "As written" }).click();
  expect(await file.locator("pre").textContent()).toContain("API_KEY=••••••");
  const withheld = page.locator(".rows li", { hasText: ".credentials.json" });
  expect(await withheld.textContent()).toContain("withheld");
  expect(await withheld.getByRole("button").count()).toBe(0);
  await page.getByRole("searchbox", { name: "Search" }).fill("these words");
  await page.getByRole("button", { name: "skills/one/SKILL.md:2" }).click();
  await file.getByText("find these words").waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  await page.getByRole("navigation", { name: "Folder" }).getByText("skills").waitFor();
}, 20_000);

it("A-fault 17 markdown is drawn by nodes of the page; HTML, scripts and strange links of it are words", async () => {
  await page.getByRole("toolbar", { name: "Parts" }).getByRole("button", { name: "CLAUDE.md" }).click();
  await page.getByRole("button", { name: "As read" }).click();
  const text = page.locator(".markdown");
  await text.getByRole("heading", { name: "Rules" }).waitFor();
  expect(await text.locator("strong, code, table td, ol li").allTextContents()).toEqual(
    expect.arrayContaining(["this", "that", "1", "2"]),
  );
  expect(await text.locator("img, script, a[href^=javascript]").count()).toBe(0);
  expect(await text.textContent()).toContain("<script>document.title='owned'</script>");
  await text.getByText("click", { exact: true }).click();
  await text.getByRole("link", { name: "out" }).click();
  await page.getByRole("alert").getByText("https://example.org/x").waitFor();
  expect(page.context().pages().length).toBe(1);
  expect(await page.title()).not.toContain("owned");
}, 20_000);

it("A95 Analytics tells what was done, what it took and what is not known", async () => {
  await go("Analytics");
  const sums = page.getByRole("region", { name: "In all" });
  await sums.locator(".tile", { hasText: /^1 done$/ }).waitFor();
  await sums.locator(".tile", { hasText: /^1 failed$/ }).waitFor();
  await page.getByRole("img", { name: "Jobs that ended" }).waitFor();
  await page
    .getByRole("region", { name: "Tools" })
    .locator("td", { hasText: /^Bash$/ })
    .waitFor();
  await page.getByRole("toolbar", { name: "Range" }).getByRole("button", { name: "7 days" }).click();
  await page
    .locator("figure", { hasText: "Jobs that ended" })
    .locator("rect.red")
    .last()
    .waitFor({ state: "attached" });
  const again = await stage.start("SAY: one more");
  await heard(stage, (fact) => fact.type === "job.finished" && fact.job === again);
  await sums.locator(".tile", { hasText: /^2 done$/ }).waitFor();
}, 20_000);

it("A98 the Database shows every job with filters and search, its details, tool calls, events and tables", async () => {
  await go("Database");
  const rows = page.locator("table.figures tbody tr");
  const only = (job: string) => page.locator("table.figures tbody tr:only-child", { hasText: job }).waitFor();
  await page.getByLabel("Status").selectOption("failed");
  await only(jobs.dead as string);
  await page.getByLabel("Status").selectOption("");
  await page.getByRole("searchbox", { name: "Search" }).fill("parser");
  await only(jobs.done as string);
  await page.getByRole("button", { name: jobs.done as string, exact: true }).click();
  const detail = page.getByRole("region", { name: `Job ${jobs.done}` });
  await detail.getByText("Bash 1").waitFor();
  await detail.getByRole("button", { name: "Close" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("no such words");
  await page.getByText("Nothing here matches.").waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  await page.getByRole("button", { name: "Tool calls" }).click();
  await rows
    .locator("td", { hasText: /^Bash$/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Events" }).click();
  await rows
    .locator("td", { hasText: /^SessionStart$/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Tables" }).click();
  await rows.locator("td", { hasText: /^job_history$/ }).waitFor();
}, 20_000);

it("A98 a job that runs says for how long so far, and what fits one page has no pager", async () => {
  const running = await stage.start("DELAY: 600000");
  await heard(stage, (fact) => fact.type === "turn.started" && fact.agent === running);
  await go("Database");
  await page.getByRole("button", { name: "Jobs", exact: true }).click();
  const row = page.locator("table.figures tbody tr", { hasText: running });
  await row.locator("td", { hasText: /^\d+s so far$/ }).waitFor();
  expect(await page.getByRole("button", { name: "After", exact: true }).count()).toBe(0);
}, 20_000);

it("A92 what an agent said is drawn as markdown, what it was told as it was written", async () => {
  const agent = await stage.start("SAY: a **bold** word");
  await heard(stage, (fact) => fact.type === "job.finished" && fact.job === agent);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/jobs/${agent}`);
  await page.getByRole("tab", { name: "Conversation" }).click();
  await page.locator(".said.assistant strong", { hasText: /^bold$/ }).waitFor();
  expect(await page.locator(".said.user pre").textContent()).toContain("a **bold** word");
}, 20_000);

it("A92 a long text of code has a bounded room of its own that keys reach and scroll, and its lines stay whole", async () => {
  const code = Array.from({ length: 200 }, (_, n) => `const line${n} = "${"x".repeat(n === 3 ? 400 : 20)}";`).join(
    "\n",
  );
  const scenario = join(stage.folder, "code.json");
  await Bun.write(scenario, JSON.stringify([{ when: ".", do: [{ say: `Here:\n\n\`\`\`ts\n${code}\n\`\`\`` }] }]));
  const order = { prompt: "Show it", cwd: join(stage.folder, "work"), agent: `mock:${scenario}` };
  const { agent } = await stage.client.post<{ agent: string }>("/api/actions/jobs", order);
  await heard(stage, (fact) => fact.type === "job.finished" && fact.job === agent);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/jobs/${agent}`);
  await page.getByRole("tab", { name: "Conversation" }).click();
  const block = page.getByRole("region", { name: "Code, ts, 200 lines" });
  await block.focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => (document.activeElement?.scrollTop ?? 0) > 500);
  const sizes = await block.evaluate(({ clientHeight, scrollWidth, clientWidth }) => ({
    ...{ clientHeight, isWider: scrollWidth > clientWidth, page: document.documentElement.scrollWidth - innerWidth },
  }));
  expect(sizes).toMatchObject({ isWider: true, page: 0 });
  expect(sizes.clientHeight).toBeLessThanOrEqual(420);
}, 20_000);

it("A60 A99 leads are started, told and stopped from the page, each in a panel that says which one leads", async () => {
  await page.evaluate(() => (location.hash = "#/orchestrator"));
  const panel = (name: string): Locator => page.getByRole("region", { name, exact: true });
  const start = async (of: Locator, name: string) => {
    await of.getByLabel("Folder").fill(join(stage.folder, "work"));
    await of.getByLabel("CLI").fill("standin");
    await of.getByRole("button", { name }).click();
  };
  await start(panel("Lead"), "Start the lead");
  const more = page.locator(".lead.more");
  await more.getByText("Another lead").click();
  await more.getByLabel("For tags").fill("docs, css");
  await start(more, "Start orch-2");
  const second = panel("Lead orch-2");
  await second.getByText("for docs, css").waitFor();
  await panel("Lead orch").getByText("leads", { exact: true }).waitFor();
  await heard(stage, (fact) => fact.type === "turn.ended" && fact.agent === "orch-2");
  await second.getByLabel("Message to orch-2").fill("SAY: heard by the second");
  await second.getByRole("button", { name: "Send" }).click();
  await heard(stage, (fact) => fact.type === "turn.ended" && fact.summary === "heard by the second");
  await panel("Lead orch").getByRole("button", { name: "Stop" }).click();
  await second.getByText("leads", { exact: true }).waitFor();
  await second.getByRole("button", { name: "Stop" }).click();
  await panel("Lead").getByRole("button", { name: "Start the lead" }).waitFor();
}, 30_000);
