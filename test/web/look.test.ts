import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { PLACES } from "../../src/web/places.ts";
import { fillNight, type Night } from "./night.ts";
import { CHROMIUM, hasChromium, openBrowser, openStage, type Stage } from "./stage.ts";

const it = test.skipIf(!hasChromium);
if (!hasChromium) console.warn(`skipped: no Chromium at ${CHROMIUM}`);

/** Where pictures go that a person may look at; never committed. */
const PICTURES = join(import.meta.dir, "../../.cache/look");
/** Those of docs/dashboard.md. They are tracked; `bun run pictures` takes them anew. */
const DOCS = join(import.meta.dir, "../../docs");
const SHOWN = ["home", "agents", "teams", "orchestrator", "analytics", "db"];

/** Bytes that a picture of the docs may have. */
const MOST = 200_000;

const SIZES = [
  { width: 360, height: 760 },
  { width: 1280, height: 660 },
  { width: 2560, height: 1440 },
];

let stage: Stage;
let browser: Browser;
let page: Page;
let night: Night;

/** What of a place is shown, where it is not the place alone. */
const hashOf = (place: string): string => {
  const { working, team } = night;
  const of: Record<string, string> = { home: "", agents: `agents/${working}`, teams: `teams/${team}` };
  return `#/${of[place] ?? place}`;
};

/** Opens what a picture is to show: an agent's conversation, a team's board. */
async function pose(place: string): Promise<void> {
  if (place === "agents") {
    await page.getByRole("tab", { name: "Conversation" }).click();
    await page.locator(".conversation .used").first().waitFor();
  }
  if (place !== "teams") return;
  const board = page.getByLabel("Boards").locator("details", { hasText: "Plan of record" });
  if ((await board.getAttribute("open")) === null) await board.locator("summary").click();
  await board.locator(".markdown h3").waitFor();
  const messages = page.getByRole("tab", { name: /^Messages/ });
  if (await messages.isVisible()) await messages.click();
  await page.locator(".rfd").evaluate((card) => card.scrollIntoView());
}

/** Goes to a place and waits until it is drawn. */
async function show(place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, hashOf(place));
  await page.locator(`.rail a[aria-current]`).waitFor();
  await page.locator("main > :visible").first().waitFor();
  await page.evaluate(() => document.fonts.ready);
}

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  night = await fillNight(stage);
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
        await pose(id);
        const picture = await page.screenshot({ path: join(PICTURES, `${id}-${size.width}-${colorScheme}.png`) });
        expect(picture.length).toBeGreaterThan(5_000);
        const isForDocs = size.width === 1280 && colorScheme === "light" && SHOWN.includes(id);
        if (isForDocs && process.env.MUSTER_PICTURES) await Bun.write(join(DOCS, `pictures/${id}.png`), picture);
        // What is long scrolls in its part; the page itself stays where it is.
        const room = await page.evaluate(() => {
          const { scrollWidth: width, scrollHeight: height } = document.documentElement;
          return { width, height };
        });
        expect(room).toEqual(size);
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

test("docs/dashboard.md has a chapter for each view with its key; its pictures are there, each linked and below 200 KB", () => {
  const text = readFileSync(join(DOCS, "dashboard.md"), "utf8");
  for (const { title, key } of PLACES) expect(text).toContain(`## ${title} (\`g\` \`${key}\`)`);
  const pictures = [...text.matchAll(/!\[[^\]]+\]\(pictures\/([\w.]+)\)/g)].map(([, name]) => name ?? "");
  expect(pictures.sort()).toEqual(SHOWN.map((name) => `${name}.png`).sort());
  // Nothing here makes them, so one that is missing is missing; one that nobody links is nobody's.
  expect(readdirSync(join(DOCS, "pictures")).sort()).toEqual(pictures);
  for (const name of pictures) expect([name, statSync(join(DOCS, "pictures", name)).size < MOST]).toEqual([name, true]);
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
