import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { emptyServer, framesOf, notePaint, openBrowser, openPage, openTab, paintOf } from "./browser.ts";
import { figuresOf, type Row } from "./figures.ts";
import { same } from "./idle.ts";
import { fillJobs } from "./ledger.ts";
import { sleep, World } from "./world.ts";

const JOBS = 1000;
const LOADS = 15;
const KEYS = 40;
const TERMINALS = 9;
const SECONDS = 5;
const TIMELINE_ROWS = 50_000;
/** Pixels that a wheel turned fast moves within one frame. */
const STEP = 700;
/** A frame that is longer is seen as a jerk. */
const JERK_MS = 50;
const GAP_MS = 60;

/** Milliseconds until something useful is painted, over and over. */
async function loads(page: Page, times: number): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < times; n++) {
    await page.reload();
    all.push(await paintOf(page));
  }
  return all;
}

/** What is useful in a place, once it is there. */
const USEFUL = [
  ["Home", "", ".calm"],
  ["Agents", "#/agents", "main .ended"],
] as const;

async function paint(browser: Browser, world: World, times: number): Promise<Row[]> {
  const server = emptyServer();
  const empty = await openTab(browser);
  await notePaint(empty, "p");
  await empty.goto(server.url);
  const baseline = { name: "an empty static page", ...figuresOf(await loads(empty, times)) };
  await Promise.all([empty.context().close(), server.end()]);
  const rows: Row[] = [];
  for (const [name, at, selector] of USEFUL) {
    const page = await openPage(browser, world, at);
    await notePaint(page, selector);
    const figures = figuresOf(await loads(page, times));
    await page.context().close();
    const measure = `page: first useful paint of ${name}, ${JOBS} jobs`;
    rows.push({ measure, unit: "ms", samples: times, figures, baseline, limits: { p50: 300 } });
  }
  return rows;
}

/** Turns the wheel for some seconds, to the end and back: the length of each frame. */
const scrolled = (page: Page, seconds: number): Promise<number[]> =>
  page.evaluate(
    ([ms, step]) =>
      new Promise<number[]>((done) => {
        const list = document.querySelector("ol.long") as HTMLElement;
        const frames: number[] = [];
        let [last, began, way] = [0, 0, 1];
        const next = (at: number) => {
          if (last > 0) frames.push(at - last);
          began ||= at;
          last = at;
          const before = list.scrollTop;
          list.scrollTop += way * (step ?? 0);
          if (list.scrollTop === before) way = -way;
          if (at - began < (ms ?? 0)) requestAnimationFrame(next);
          else done(frames);
        };
        list.scrollTop = 0;
        requestAnimationFrame(next);
      }),
    [seconds * 1000, STEP],
  );

/** Opens the timeline and reads it to this many rows. */
async function longTimeline(browser: Browser, world: World, rows: number): Promise<Page> {
  const page = await openPage(browser, world, "#/timeline");
  await page.getByRole("button", { name: "Everything", exact: true }).click();
  await page.locator(".fact-row").first().waitFor();
  await page.evaluate(
    (wanted) =>
      new Promise<void>((done) => {
        const list = document.querySelector("ol.long") as HTMLElement;
        const more = () => {
          if (list.scrollHeight >= wanted * 28) return done();
          list.scrollTop = list.scrollHeight;
          setTimeout(more, 5);
        };
        more();
      }),
    rows,
  );
  return page;
}

async function scrolling(browser: Browser, world: World, isQuick: boolean): Promise<Row[]> {
  const rows = isQuick ? 5000 : TIMELINE_ROWS;
  const page = await longTimeline(browser, world, rows);
  const frames = await scrolled(page, SECONDS);
  await page.context().close();
  const jerks = (100 * frames.filter((ms) => ms > JERK_MS).length) / frames.length;
  return [
    {
      ...{ measure: `page: frames over ${JERK_MS} ms, ${rows} rows of the timeline scrolled`, unit: "%" },
      ...{ samples: frames.length, figures: same(jerks), limits: { p50: 1 } },
    },
    {
      ...{ measure: "page: one frame of that", unit: "ms", samples: frames.length },
      ...{ figures: figuresOf(frames), baseline: await emptyFrames(browser, isQuick) },
    },
  ];
}

async function emptyFrames(browser: Browser, isQuick: boolean) {
  const page = await openTab(browser);
  const frames = await framesOf(page, isQuick ? 1 : SECONDS);
  await page.context().close();
  return { name: "an empty page's frame", ...figuresOf(frames) };
}

/** A program that gives back each byte at once. */
const ECHO = `process.stdin.setRawMode(true);
process.stdout.write("READY\\r\\n");
process.stdin.on("data", (bytes) => process.stdout.write(bytes));`;

/** A program that prints without end: a coloured line every 20 ms, 5 KB a second. */
const STREAM = `let n = 0;
console.log("READY");
setInterval(() => {
  n += 1;
  const colour = 31 + (n % 6);
  process.stdout.write("\\x1b[" + colour + "m" + String(n).padStart(6) + "\\x1b[0m " + "some words of a line that goes on ".repeat(3).slice(0, 90) + "\\r\\n");
}, 20);`;

async function startProgram(world: World, name: string, source: string): Promise<string> {
  const path = join(world.folder, name);
  await Bun.write(path, source);
  const { agent } = await world.start("stays in the inbox", { command: `${process.execPath} --no-install ${path}` });
  return agent;
}

/** Notes for each key how long it took until its glyph was painted. */
const watchGlyphs = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const seen = { pressed: 0, took: [] as number[] };
    Object.assign(window, { seen });
    document.addEventListener("keydown", ({ timeStamp }) => (seen.pressed = timeStamp), { capture: true });
    const observer = new MutationObserver(() => {
      if (seen.pressed === 0) return;
      const { pressed } = seen;
      seen.pressed = 0;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => seen.took.push(performance.now() - pressed);
      port2.postMessage(0);
    });
    const rows = document.querySelector(".xterm-rows") as HTMLElement;
    observer.observe(rows, { childList: true, subtree: true, characterData: true });
  });

async function typing(browser: Browser, world: World, keys: number, isQuick: boolean): Promise<Row> {
  const agent = await startProgram(world, "echo.ts", ECHO);
  const page = await openPage(browser, world, `#/agents/${agent}`);
  await page.locator(".xterm-rows", { hasText: "READY" }).waitFor();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("x");
  await page.locator(".xterm-rows", { hasText: "x" }).waitFor();
  await watchGlyphs(page);
  for (let n = 0; n < keys; n++) {
    await page.keyboard.press("a");
    await sleep(GAP_MS + (n % 17));
  }
  const took = await page.evaluate(() => (window as unknown as { seen: { took: number[] } }).seen.took);
  await Promise.all([page.context().close(), world.client.post(`/api/actions/jobs/${agent}/kill`, {})]);
  if (took.length < keys * 0.9) throw new Error(`of ${keys} keys ${took.length} were seen`);
  return {
    ...{ measure: "page: key pressed → glyph painted", unit: "ms", samples: took.length, figures: figuresOf(took) },
    ...{ baseline: await emptyFrames(browser, isQuick), limits: { timesP50: 2 } },
  };
}

async function streaming(browser: Browser, world: World, isQuick: boolean): Promise<Row> {
  for (let n = 0; n < TERMINALS; n++) await startProgram(world, `stream-${n}.ts`, STREAM);
  const page = await openPage(browser, world, "#/split");
  await page.getByRole("button", { name: "3×3", exact: true }).click();
  for (let n = 1; n <= TERMINALS; n++)
    await page
      .getByRole("region", { name: `Terminal ${n}`, exact: true })
      .locator(".xterm-rows", { hasText: "some words" })
      .waitFor();
  const frames = await framesOf(page, SECONDS);
  await page.context().close();
  const rate = (of: number[]): number => (1000 * of.length) / of.reduce((sum, ms) => sum + ms, 0);
  const empty = await openTab(browser);
  const alone = rate(await framesOf(empty, isQuick ? 1 : SECONDS));
  await empty.context().close();
  return {
    ...{ measure: `page: frames a second, ${TERMINALS} terminals that print`, unit: "", samples: frames.length },
    ...{ figures: same(rate(frames)), baseline: { name: "an empty page", ...same(alone) }, limits: { atLeast: 50 } },
  };
}

/** KB of the program that the page loads at once, packed: what runs first and `main.js`, what that names by static imports, and theirs. */
async function program(world: World): Promise<Row> {
  const { url } = await world.client.post<{ url: string }>("/api/login", {});
  const sizes = new Map<string, number>();
  const load = async (name: string): Promise<void> => {
    if (sizes.has(name)) return;
    const source = await (await fetch(new URL(`/assets/${name}`, url))).text();
    sizes.set(name, Bun.gzipSync(source).length / 1024);
    for (const [, next = ""] of source.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) await load(next);
  };
  for (const name of ["early.js", "main.js"]) await load(name);
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return {
    ...{ measure: "page: program loaded at once, packed", unit: "KB", samples: sizes.size },
    ...{ figures: same(all), limits: { p50: 120 } },
  };
}

/** The page in a browser: how soon it shows something, how soon a key, and whether it stays smooth. */
export async function dashboard(isQuick: boolean): Promise<Row[]> {
  const { browser, end } = await openBrowser();
  const [full, live] = [new World(), new World()];
  try {
    fillJobs(full.home, JOBS);
    await full.boot();
    await live.boot();
    return [
      await program(full),
      ...(await paint(browser, full, isQuick ? 5 : LOADS)),
      ...(await scrolling(browser, full, isQuick)),
      await typing(browser, live, isQuick ? 15 : KEYS, isQuick),
      await streaming(browser, live, isQuick),
    ];
  } finally {
    await end();
    await full.end();
    await live.end();
  }
}
