import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { PLACES } from "../../src/web/places.ts";
import { CHROMIUM, hasChromium, heard, openBrowser, openStage, type Stage } from "./stage.ts";

const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

/** Where pictures go that a person may look at; never committed. */
const PICTURES = join(import.meta.dir, "../../.cache/look");
/** Those of docs/dashboard.md. They are tracked; `bun run pictures` takes them anew. */
const DOCS = join(import.meta.dir, "../../docs");
const SHOWN = ["home", "agents", "teams", "orchestrator", "analytics", "db"];

/** Keeps a view's picture for the docs, when it is missing or wanted anew. */
async function keep(place: string, picture: Uint8Array): Promise<void> {
  const path = join(DOCS, `pictures/${place}.png`);
  if (process.env.MUSTER_PICTURES || !existsSync(path)) await Bun.write(path, picture);
}

const SIZES = [
  { width: 360, height: 760 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];

let stage: Stage;
let browser: Browser;
let page: Page;

/** Something of each kind: work, a question, a failure, a queue, triggers, an approval. */
async function fill(): Promise<void> {
  const cwd = join(stage.folder, "work");
  const post = (path: string, body: object) => stage.client.post(path, body);
  const task = (prompt: string, more: object = {}) =>
    post("/api/queue/tasks", { prompt, cwd, agent: "standin", ...more });
  const finished = (agent: string) => heard(stage, (fact) => fact.type === "job.finished" && fact.job === agent);
  await task("Implement user profiles with avatars");
  await task("Write the migration for orders", { after: [1], priority: 5 });
  const notify = { type: "event", condition: "job_completed", action: "notify", payload: { message: "one is done" } };
  await post("/api/triggers", { name: "tell", ...notify, cwd });
  await finished(await stage.start("SAY: the parser is fixed"));
  const dying = await stage.start("DELAY: 600000");
  const asking = await stage.start("ASK: Bash rm -rf build && npm run build -- --mode production --target everything");
  await heard(stage, (fact) => fact.type === "permission.asked" && fact.agent === asking);
  await heard(stage, (fact) => fact.type === "turn.started" && fact.agent === dying);
  await post(`/api/actions/jobs/${dying}/kill`, {});
  await heard(stage, (fact) => fact.type === "job.finished" && fact.job === dying);
  const peer = { driver: "standin" };
  const repo = join(stage.folder, "repo");
  mkdirSync(repo);
  await Bun.write(join(repo, "PROJECT.md"), "A project.\n");
  const git = { PATH: process.env.PATH, HOME: stage.folder, GIT_CONFIG_NOSYSTEM: "1" };
  for (const args of ["init -q", "-c user.name=a -c user.email=a@b commit -q --allow-empty -m x"])
    Bun.spawnSync(["git", ...args.split(" ")], { cwd: repo, env: git });
  await post("/api/teams", { repo, name: "crew", peerA: peer, peerB: peer });
}

/** Goes to a place and waits until it is drawn. */
async function show(place: string): Promise<void> {
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `#/${place === "home" ? "" : place}`,
  );
  await page.locator(`.rail a[aria-current]`).waitFor();
  await page.locator("main > :visible").first().waitFor();
  await page.evaluate(() => document.fonts.ready);
}

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  await fill();
  page = await stage.page(browser);
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
}, 30_000);

/** Serious findings of axe-core, each with where. What programs print in terminals is theirs. */
async function findings(): Promise<string[]> {
  // The page's policy lets no script in; a debugger may.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(
          what: object,
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(
      { exclude: ".xterm" },
      { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    );
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      html: nodes.map((node) => node.html.slice(0, 160)),
    }));
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, html }) => `${id}: ${html.join(" | ")}`);
}

for (const { id, title } of PLACES) {
  it(`${title} fits 360, 1280 and 2560 pixels in light and dark, and axe-core reports nothing serious`, async () => {
    for (const size of SIZES)
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await show(id);
        const picture = await page.screenshot({ path: join(PICTURES, `${id}-${size.width}-${colorScheme}.png`) });
        expect(picture.length).toBeGreaterThan(5_000);
        if (size.width === 1280 && colorScheme === "light" && SHOWN.includes(id)) await keep(id, picture);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect([size.width, wide]).toEqual([size.width, size.width]);
        const cut = await page.evaluate(() => {
          const room = document.documentElement.clientWidth;
          return [...document.querySelectorAll<HTMLElement>("header button, main button, main input, main select")]
            .filter((one) => one.checkVisibility() && !one.closest(".long, .chart, .xterm, .screen"))
            .map((one) => ({ right: one.getBoundingClientRect().right, text: one.textContent }))
            .filter(({ right }) => right > room + 1)
            .map(({ text }) => text);
        });
        expect([size.width, cut]).toEqual([size.width, []]);
        if (size.width !== 2560) expect(await findings()).toEqual([]);
      }
  }, 60_000);
}

test("docs/dashboard.md has a chapter for each view with its key, and its pictures are there", () => {
  const text = readFileSync(join(DOCS, "dashboard.md"), "utf8");
  for (const { title, key } of PLACES) expect(text).toContain(`## ${title} (\`g\` \`${key}\`)`);
  const pictures = [...text.matchAll(/!\[[^\]]+\]\(pictures\/(\w+)\.png\)/g)].map(([, name]) => name ?? "");
  expect(pictures.sort()).toEqual(SHOWN.toSorted());
  for (const name of pictures) expect([name, existsSync(join(DOCS, `pictures/${name}.png`))]).toEqual([name, true]);
});

it("what lies over the page is usable without a mouse and reads well, too", async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await show("home");
  for (const [key, label] of [
    ["n", "New agent"],
    ["?", "Keys"],
    ["Control+k", "Commands"],
  ] as const) {
    await page.keyboard.press(key);
    const sheet = page.getByRole("dialog", { name: label });
    await sheet.waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);
    await page.screenshot({ path: join(PICTURES, `over-${label}.png`) });
    expect(await findings()).toEqual([]);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
  }
}, 30_000);
