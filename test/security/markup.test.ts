import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { observe } from "../../src/core/commands.ts";
import { DAEMON } from "../../src/core/ids.ts";
import { hasChromium, heard, openBrowser, openStage, type Stage } from "../web/stage.ts";

let stage: Stage;
let browser: Browser;
const it = test.skipIf(!hasChromium);

beforeAll(async () => {
  if (!hasChromium) return;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
}, 30_000);
afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await stage.end();
}, 30_000);

/** What a page that makes anything of foreign text would run, load or offer. None holds a blank line or a quote of a shell. */
const PAYLOADS = [
  "<script>window.__pwn=1</script>",
  "<img src=x onerror=window.__pwn=1>",
  "<svg/onload=window.__pwn=1>",
  "<iframe srcdoc=<script>parent.__pwn=1</script>></iframe>",
  "[a](javascript:window.__pwn=1)",
  "![b](https://evil.test/pixel.png)",
  "<javascript:window.__pwn=1>",
  "[c](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "<details open ontoggle=window.__pwn=1>",
  "<math><mtext><table><mglyph><style><img src=x onerror=window.__pwn=1></style>",
  "<style>@import url(https://evil.test/a.css)</style><base href=https://evil.test/>",
];
const ALL = PAYLOADS.join(" ; ");

/** What the page made of text: elements, links and requests that only a payload could have brought. */
async function made(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const odd =
      "main script, iframe, object, embed, math, base[href*=evil], main details[ontoggle], main style, img[onerror]";
    const links = [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href") ?? "");
    return [
      ...[...document.querySelectorAll(odd)].map((one) => one.outerHTML),
      ...links.filter((href) => /^(javascript|data):|evil/.test(href)),
      ...("__pwn" in window ? ["it ran"] : []),
    ];
  });
}

it("S33 A-fault 17: eleven payloads in order, answer, question, task, notice and letter are text everywhere on the page", async () => {
  const page = await stage.page(browser);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", (dialog) => requests.push(`dialog ${dialog.message()}`));
  const goTo = (hash: string) =>
    page.evaluate((to) => {
      location.hash = to;
    }, hash);
  const shows = async (where: string, payloads = PAYLOADS): Promise<void> => {
    for (const text of payloads) await page.locator(where, { hasText: text }).first().waitFor();
    expect([where, await made(page)]).toEqual([where, []]);
  };

  const agent = await stage.start(`SAY: ${ALL}`);
  await heard(stage, (fact) => fact.type === "job.finished" && fact.job === agent);
  await goTo(`#/agents/${agent}`);
  await page.getByRole("tab", { name: "Order" }).click();
  await shows("pre.whole");
  await page.getByRole("tab", { name: "Conversation" }).click();
  await shows(".said.user");
  await shows(".said.assistant");

  const asking = await stage.start(`ASK: Bash ${ALL}`);
  await heard(stage, (fact) => fact.type === "permission.asked" && fact.agent === asking);
  await goTo(`#/agents/${asking}`);
  await shows(".question");
  // Home says the beginning of it.
  await goTo("#/");
  await shows("main", PAYLOADS.slice(0, 1));

  for (const prompt of PAYLOADS) {
    const task = { prompt, cwd: stage.folder, agent: "standin" };
    await stage.client.post("/api/queue/tasks", task);
    stage.daemon.engine.dispatch(observe({ type: "notice.raised", level: "warning", text: prompt }), DAEMON);
    await stage.client.post("/api/messages", { from: agent, to: "user", text: prompt });
  }
  for (const place of ["orchestrator", "notifications", "timeline"]) {
    await goTo(`#/${place}`);
    await shows("main");
  }
  await goTo(`#/agents/${agent}`);
  await page.getByRole("tab", { name: "Messages" }).click();
  await shows(".letter");
  expect(requests.filter((url) => !url.startsWith(stage.web.url))).toEqual([]);
  await page.context().close();
}, 60_000);
