import { type Browser, chromium, type Page } from "playwright-core";
import { toEnd } from "./ending.ts";
import type { World } from "./world.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SIZE = { width: 1440, height: 900 };
const PATIENCE_MS = 60_000;

/** Debian's Chromium, or the one that is named; `--no-sandbox` is needed as root, and only our own pages are opened. */
export async function openBrowser(): Promise<{ browser: Browser; end(): Promise<void> }> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  return { browser, end: toEnd(() => browser.close()) };
}

/** A tab with nothing kept. */
export async function openTab(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext({ viewport: SIZE })).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** A tab that is logged in, at a place such as `#/timeline`. */
export async function openPage(browser: Browser, world: World, at = ""): Promise<Page> {
  const page = await openTab(browser);
  const { url } = await world.client.post<{ url: string }>("/api/login", {});
  await page.goto(url);
  await page.locator(".line.live").waitFor();
  if (at) await page.goto(new URL(at, url).href);
  return page;
}

/** A server of one page in which nothing is. */
export function emptyServer(): { url: string; end(): Promise<void> } {
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  const body = '<!doctype html><html lang="en"><title>empty</title><main><p>Nothing.</p></main></html>';
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(body, { headers }) });
  return { url: `http://127.0.0.1:${server.port}/`, end: toEnd(() => server.stop(true)) };
}

/** Notes when the first element of this kind was painted, at each loading of the page. */
export async function notePaint(page: Page, selector: string): Promise<void> {
  await page.addInitScript((wanted) => {
    const page = window as unknown as { painted?: number };
    const observer = new MutationObserver(() => {
      if (!document.querySelector(wanted)) return;
      observer.disconnect();
      // A message that is sent from a frame comes when that frame is painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          page.painted = performance.now();
        };
        port2.postMessage(0);
      });
    });
    observer.observe(document, { childList: true, subtree: true });
  }, selector);
}

/** Milliseconds from the navigation until then. */
export const paintOf = async (page: Page): Promise<number> =>
  (await (await page.waitForFunction(() => (window as unknown as { painted?: number }).painted)).jsonValue()) as number;

/** Milliseconds between the frames of so many seconds; what each frame does meanwhile is `step`, by name. */
export const framesOf = (page: Page, seconds: number): Promise<number[]> =>
  page.evaluate(
    (ms) =>
      new Promise<number[]>((done) => {
        const times: number[] = [];
        const note = (at: number) => {
          times.push(at);
          if (at - (times[0] ?? at) < ms) requestAnimationFrame(note);
          else done(times.slice(1).map((time, n) => time - (times[n] ?? 0)));
        };
        requestAnimationFrame(note);
      }),
    seconds * 1000,
  );
