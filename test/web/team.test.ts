import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { observe } from "../../src/core/commands.ts";
import type { Fact } from "../../src/core/facts.ts";
import { DAEMON } from "../../src/core/ids.ts";
import type { State } from "../../src/core/state.ts";
import { CHROMIUM, hasChromium, openBrowser, openStage, type Stage, titled } from "./stage.ts";

const TEAM = "crew";
const PLAN = `id: T003
name: Dash
steps:
  - {id: S1, name: endpoints, done: they answer, status: complete}
  - {id: S2, name: page, done: it shows, status: in_progress}
status: active
`;

let stage: Stage;
let browser: Browser;
/** One tab for all tests, and another that looks on. */
let page: Page;
let other: Page;
const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

const now = (): State => stage.daemon.engine.state;
const seat = (at: number): string => now().teams[TEAM]?.seats[at]?.agent ?? "";
const tell = (...facts: Fact[]): void => {
  for (const fact of facts) stage.daemon.engine.dispatch(observe(fact as never), DAEMON);
};

/** Waits until the state is so. */
async function until(isSo: (state: State) => boolean): Promise<void> {
  for (let left = 400; !isSo(now()); left--) {
    if (left === 0) throw new Error(`not so: ${isSo}`);
    await Bun.sleep(25);
  }
}

/** A git repository with a plan. */
function repository(): string {
  const repo = join(stage.folder, "repo");
  mkdirSync(join(repo, "docs/por/T003-dash"), { recursive: true });
  writeFileSync(join(repo, "PROJECT.md"), "A project.\n");
  writeFileSync(join(repo, "docs/por/T003-dash/task.yaml"), PLAN);
  const env = { PATH: process.env.PATH, HOME: stage.folder, GIT_CONFIG_NOSYSTEM: "1" };
  for (const args of ["init -q", "-c user.name=a -c user.email=a@b commit -q --allow-empty -m x"])
    Bun.spawnSync(["git", ...args.split(" ")], { cwd: repo, env });
  return repo;
}

const openRfd = (rfd: string, title: string): void =>
  tell({ type: "rfd.opened", rfd, team: TEAM, kind: "msg", author: seat(0), title, tasks: ["which <b>way</b>?"] });
const card = (of: Page, rfd: string): Locator => of.getByLabel(`Decision ${rfd}`);
const line = (): Locator => page.getByLabel(`Line to ${TEAM}`);
const newest = (): Locator => page.locator(".replies li").first();

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  const peer = { driver: "standin" };
  await stage.client.post("/api/teams", { repo: repository(), name: TEAM, peerA: peer, peerB: peer });
  page = await stage.page(browser, undefined, "#/teams");
  other = await stage.page(browser, { width: 360, height: 740 }, "#/teams");
  await until(({ agents }) => Object.values(agents).every(({ activity }) => activity === "idle"));
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
}, 30_000);

it("A101 P57 P14 a team's page shows the status lines that the console says, and its address leads to it", async () => {
  await page.getByLabel("Team", { exact: true }).getByRole("heading", { name: TEAM }).waitFor();
  await page.locator(".agent", { hasText: "PeerB" }).click();
  await page.locator(".desk h2", { hasText: "PeerB" }).waitFor();
  await page.locator(".team-name", { hasText: TEAM }).click();
  expect(new URL(page.url()).hash).toBe(`#/teams/${TEAM}`);
  await page.reload();
  const rows = page.getByLabel("Status").getByRole("listitem");
  await rows.first().waitFor();
  const console_ = await stage.client.post<{ lines: string[] }>(`/api/teams/${TEAM}/console`, { line: "/status" });
  /** Times pass between the two looks; the plan has a panel of its own. */
  const calm = (lines: string[]): string[] =>
    lines.filter((text) => !text.startsWith("Blueprint")).map((text) => text.replaceAll(/\d+[smh]\b/g, "T"));
  expect(calm(await rows.allTextContents())).toEqual(calm(console_.lines));
  expect(await rows.allTextContents()).toContainEqual(
    expect.stringMatching(/^Agents A idle .* MOCK \| B idle .* MOCK$/),
  );
}, 20_000);

it("P77 the plan is one line, unfolded by keys to its tasks and their steps", async () => {
  const plan = page.getByLabel("Plan");
  await plan.getByText("Blueprint 0/1 -> T003 [S2]", { exact: true }).focus();
  await page.keyboard.press("Enter");
  await plan.getByText("Dash").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await plan.locator("li.complete", { hasText: "S1" }).getByText("endpoints").waitFor();
  expect(await plan.locator("li.in_progress").textContent()).toBe("S2page in progressit shows");
}, 20_000);

it("P70 POR and SUBPOR stand there by their findings; opened, they are drawn as markdown, and no HTML of theirs is obeyed", async () => {
  const { name, repo } = now().teams[TEAM] ?? { name: "", repo: "" };
  const por = "# POR - plan\n\n## Now\n\n- **first** step\n- <img src=x onerror=alert(1)>\n";
  writeFileSync(join(repo, "docs/por/POR.md"), por);
  await stage.daemon.boards.newSheet({ repo, title: "User dashboard", owner: "peerA" });
  await until(({ boards }) => boards[name]?.por !== undefined && Object.keys(boards[name]?.subpors ?? {}).length === 1);
  const boards = page.getByLabel("Boards");
  await boards.locator("summary", { hasText: "Plan of record" }).filter({ hasText: "findings" }).click();
  await boards.getByRole("heading", { name: "POR - plan" }).waitFor();
  expect(await boards.locator(".markdown strong").first().textContent()).toBe("first");
  expect(await boards.locator(".markdown img").count()).toBe(0);
  await boards.locator("summary", { hasText: "User dashboard · peerA" }).click();
  await boards.getByRole("heading", { name: /User dashboard/ }).waitFor();
  writeFileSync(join(repo, "docs/por/POR.md"), por.replace("first", "second"));
  await boards.locator(".markdown strong", { hasText: "second" }).waitFor();
}, 20_000);

it("P50 a decision is approved, rejected or asked about on its card, and both tabs show how it ended", async () => {
  openRfd("rfd-msg-1", "Which way");
  openRfd("rfd-msg-2", "Another way");
  await card(page, "rfd-msg-1").getByText("which <b>way</b>?").waitFor();
  await titled(page, "(2) Muster");
  await card(page, "rfd-msg-2").getByRole("button", { name: "Ask more" }).click();
  await newest().getByText("rfd-msg-2: its author is asked for more").waitFor();
  await card(page, "rfd-msg-1").getByRole("button", { name: "Approve" }).focus();
  await page.keyboard.press("Enter");
  await card(page, "rfd-msg-1").getByText("you signed: approve").waitFor();
  await card(page, "rfd-msg-1").getByText("waits for PeerA, PeerB").waitFor();
  for (const at of [0, 1])
    stage.daemon.engine.dispatch({ do: "sign", rfd: "rfd-msg-1", decision: "approve", agent: seat(at) }, DAEMON);
  await card(page, "rfd-msg-2").getByRole("button", { name: "Reject" }).click();
  await card(page, "rfd-msg-1")
    .getByText(/^approved by PeerB at /)
    .waitFor();
  await card(page, "rfd-msg-2")
    .getByText(/^rejected by you at .* \(web\)$/)
    .waitFor();
  expect(await card(page, "rfd-msg-2").getByRole("button").count()).toBe(0);
  // On a phone, too, Teams shows the team at once.
  await other.getByLabel("Team", { exact: true }).waitFor();
  for (const rfd of ["rfd-msg-1", "rfd-msg-2"]) {
    await card(other, rfd).locator(".outcome").waitFor();
    // Each tab's seconds tick by themselves.
    const said = async (of: Page) => (await card(of, rfd).textContent())?.replace(/asked \d+s ago/, "");
    expect(await said(other)).toBe((await said(page)) ?? "");
  }
}, 20_000);

it("P50 who comes too late is told that it is decided already, by whom and when", async () => {
  openRfd("rfd-msg-3", "Too late");
  await card(page, "rfd-msg-3").waitFor();
  const decided = Promise.withResolvers<void>();
  await page.route("**/console", async (route) => {
    await decided.promise;
    await route.continue();
  });
  await card(page, "rfd-msg-3").getByRole("button", { name: "Approve" }).click();
  await stage.client.post(`/api/teams/${TEAM}/console`, { line: "/rfd rfd-msg-3 reject", channel: "cli" });
  decided.resolve();
  await page.locator(".toast", { hasText: /^rfd-msg-3: already decided by user at 20.*Z \(reject\)/ }).waitFor();
  await page.unroute("**/console");
  expect(await newest().textContent()).toContain("already decided by user");
}, 20_000);

it("P38 a held letter stands there with its reason; released, its four facts become true one after the other", async () => {
  await line().fill("a: TELL: peer ok");
  await page.getByText("to PeerA", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  const held = page.getByLabel("Held letters");
  await held.getByText("PeerA → PeerB").waitFor();
  await held.getByText(/^low-signal: /).waitFor();
  await page.getByRole("tab", { name: "Messages" }).click();
  const letter = page.locator(".letter", { hasText: "PeerA → PeerB" });
  await letter.getByText(/^held \(low-signal\): /).waitFor();
  expect(await letter.locator(".fact-is").count()).toBeLessThanOrEqual(1);
  await held.getByRole("button", { name: "Release" }).focus();
  await page.keyboard.press("Enter");
  await held.waitFor({ state: "detached" });
  // Two facts, in either order: its prompt hook and its reader.
  for (const fact of ["delivered", "read"]) await letter.locator(".fact-is", { hasText: fact }).waitFor();
  expect(await letter.locator(".delivery > span").allTextContents()).toEqual([
    ...["✓stored", "✓delivered", "✓read", "·not answered"],
  ]);
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("board");
}, 20_000);

it("P14 P35 a pause from one tab stands in the other, which ends it", async () => {
  await page.getByRole("button", { name: "Pause" }).click();
  await page.locator(".banner", { hasText: "Paused since" }).waitFor();
  await until(({ teams }) => teams[TEAM]?.paused !== undefined);
  await page.locator(".team-name .mark", { hasText: "paused" }).waitFor();
  // Home says it too, and leads there.
  await other.getByRole("link", { name: /^Home/ }).click();
  const heldUp = other.getByRole("region", { name: "Held up" }).locator("li", { hasText: "is paused" });
  await heldUp.getByRole("button", { name: `Why, ${TEAM}` }).click();
  await heldUp.locator(".told dd", { hasText: "a person paused it" }).waitFor();
  await heldUp.getByRole("button", { name: TEAM, exact: true }).click();
  await other.getByRole("button", { name: "Resume" }).click();
  await page.locator(".banner").waitFor({ state: "detached" });
  expect(now().teams[TEAM]?.paused).toBeUndefined();
}, 20_000);

it("P81 the line says what it would do, completes, and answers beneath; a wrong one stays and sends nothing", async () => {
  const means = page.locator("#line-means");
  await line().fill("hello");
  expect(await means.textContent()).toBe("no prefix: goes to PeerA and PeerB");
  await line().fill("/foreman o");
  expect(
    await page.locator("#line-offers option").evaluateAll((all) => all.map((one) => one.getAttribute("value"))),
  ).toEqual(["/foreman on ", "/foreman off "]);
  await line().fill("/queue");
  await page.keyboard.press("Enter");
  await newest().getByText("nothing waits").waitFor();
  expect(await line().inputValue()).toBe("");
  const seq = now().seq;
  await line().fill("/statsu");
  await page.keyboard.press("Enter");
  await newest().getByText("did you mean /status?").waitFor();
  expect([await line().inputValue(), now().seq, await newest().getAttribute("class")]).toEqual(["/statsu", seq, "bad"]);
  await line().fill("/quit");
  await page.keyboard.press("Enter");
  await newest().getByText("muster tui opens it").waitFor();
  await line().fill("/help");
  await page.keyboard.press("Enter");
  await newest().getByText("/release MID  deliver a held letter").waitFor();
}, 20_000);

it("P51 locks and changes without a patch are listed, whatever their names hold, and no part is wider than a phone", async () => {
  tell(
    { type: "lock.taken", team: TEAM, agent: seat(0), files: ["src/a.ts", "src/**"], mid: "m-lock", ttlMs: 1_800_000 },
    {
      type: "tree.seen",
      team: TEAM,
      head: "h",
      commits: [],
      unqueued: [{ path: "a\u202eb <img src=x>", agent: seat(1) }],
    },
  );
  await page.getByLabel("Locks").getByText("src/a.ts src/**").waitFor();
  await page.getByLabel("Changed without a patch").getByText("a⟨U+202E⟩b <img src=x>").waitFor();
  await other.getByLabel("Locks").waitFor();
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await other.getByRole("button", { name: "Team", exact: true }).getAttribute("class")).toBe("on");
  expect(await other.locator(".board").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
}, 20_000);

it("P81 P61 a member's question is a card there, and the line answers it", async () => {
  await line().fill("b: ASK: Bash touch asked.txt");
  await page.keyboard.press("Enter");
  await page.locator(".board .question", { hasText: "touch asked.txt" }).waitFor();
  await line().fill("/allow PeerA");
  await page.keyboard.press("Enter");
  await newest().getByText("PeerA asks nothing").waitFor();
  await line().fill("/allow B");
  await page.keyboard.press("Enter");
  await newest().getByText("PeerB: allowed").waitFor();
  await page.locator(".board .question").waitFor({ state: "detached" });
}, 20_000);

it("P57 of a team that has ended its page says so, and offers nothing that would be refused", async () => {
  openRfd("rfd-msg-4", "Still open");
  await card(page, "rfd-msg-4").getByRole("button", { name: "Approve" }).waitFor();
  await stage.client.post(`/api/teams/${TEAM}/stop`, { reason: "enough" });
  await page.getByLabel("Status").getByText("ENDED: enough").waitFor();
  await line().waitFor({ state: "detached" });
  expect(await page.locator(".board .ways button, .desk .title button, .held button").count()).toBe(0);
  await titled(page, "Muster");
}, 20_000);
