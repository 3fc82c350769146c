import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Client, openClient } from "../../src/client/client.ts";
import { homeAt } from "../../src/client/home.ts";
import { type Daemon, openDaemon } from "../../src/daemon/daemon.ts";
import { serve, type Web } from "../../src/daemon/http.ts";

/** Debian's, or the one that is named; playwright-core brings none. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);

/** On a machine that never read it, Chromium's 300 MB come from the disk while other suites run (ms). */
export const FIRST_START_MS = 90_000;

/** `--no-sandbox` is needed as root and in containers; only our own pages are opened. */
export const openBrowser = (...args: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", ...args], timeout: FIRST_START_MS });

/** A real daemon with its server in this process, in a home of its own. */
export interface Stage {
  folder: string;
  daemon: Daemon;
  web: Web;
  client: Client;
  /** Starts a stand-in whose prompt is this; resolves when its job ended or as `until` says. */
  start(prompt: string, options?: { command?: string }): Promise<string>;
  /** Ends every open stream and socket, as a broken network would. */
  cut(): void;
  /** A page that is logged in, at Home or a hash such as `#/teams`; it throws on any error of the page at `end`. */
  page(browser: Browser, size?: { width: number; height: number }, at?: string): Promise<Page>;
  end(): Promise<void>;
}

export async function openStage(doubles: Parameters<typeof openDaemon>[2] = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "muster-page-"));
  const home = homeAt(join(folder, "home"));
  const work = join(folder, "work");
  await Bun.write(join(work, "README.md"), "# Work\n");
  const env = { PATH: process.env.PATH, HOME: folder, LANG: "C.UTF-8" };
  const daemon = await openDaemon(home, env, doubles);
  const web = await serve(daemon, { port: 0, stop: () => {} });
  const client = openClient({ socket: home.socket });
  const errors: string[] = [];
  return {
    folder,
    daemon,
    web,
    client,
    async start(prompt, { command } = {}) {
      const order = { prompt, cwd: work, agent: "standin", command };
      return (await client.post<{ agent: string }>("/api/actions/jobs", order)).agent;
    },
    async page(browser, size = { width: 1440, height: 900 }, at = "") {
      const { url } = await client.post<{ url: string }>("/api/login", {});
      const page = await (await browser.newContext({ viewport: size })).newPage();
      // Less than a test's own limit: what was waited for is said, and the others go on.
      page.setDefaultTimeout(12_000);
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        // A connection that a test cuts and a refusal are told there, too.
        if (message.type() === "error" && !/ERR_INTERNET_DISCONNECTED|WebSocket|400|401|409/.test(message.text()))
          errors.push(message.text());
      });
      await page.goto(url);
      await page.locator(".line.live").waitFor();
      if (at) await page.goto(new URL(at, url).href);
      return page;
    },
    cut: () => web.cut(),
    async end() {
      await web.stop();
      await daemon.stop(true);
      rmSync(folder, { recursive: true, force: true });
      if (errors.length > 0) throw new Error(`the page had errors:\n${errors.join("\n")}`);
    },
  };
}

/** Waits for a fact in the ledger, past ones included. */
export async function heard(
  stage: Stage,
  isIt: (fact: { type: string; [key: string]: unknown }) => boolean,
): Promise<void> {
  const ending = new AbortController();
  try {
    for await (const one of stage.client.events(0, ending.signal)) {
      if ("type" in one && isIt(one as never)) return;
    }
  } finally {
    ending.abort();
  }
}

/** Waits until the tab bears this title: it follows the page by a moment. */
export async function titled(page: Page, title: string): Promise<void> {
  await page.waitForFunction((wanted) => document.title === wanted, title);
}
