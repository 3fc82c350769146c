import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { hasChromium, openBrowser, openStage, type Stage } from "./stage.ts";

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

/** A program that prints this, then READY, and writes down every byte it is sent; it may print more when it is sent something. */
async function startPrinter(name: string, printed: string, then = ""): Promise<{ agent: string; sent: () => string }> {
  const log = join(stage.folder, `${name}.keys`);
  const program = join(stage.folder, `${name}.ts`);
  await Bun.write(log, "");
  await Bun.write(
    program,
    `import { appendFileSync } from "node:fs";
    process.stdin.setRawMode(true);
    const print = (text) => process.stdout.write(text + "READY\\r\\n");
    process.stdin.on("data", (bytes) => {
      appendFileSync(${JSON.stringify(log)}, bytes);
      if (${JSON.stringify(then)}) print(${JSON.stringify(then)});
    });
    print(${JSON.stringify(printed)});`,
  );
  const agent = await stage.start("stays in the inbox", { command: `${process.execPath} ${program}` });
  return { agent, sent: () => readFileSync(log, "latin1") };
}

/** Waits for what no fact tells: bytes in a file, text in tmux. */
async function seen<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = performance.now() + 8000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`never seen: ${look}`);
    await new Promise((done) => setImmediate(done));
  }
}

async function view(agent: string): Promise<Page> {
  const page = await stage.page(browser);
  await show(page, agent);
  return page;
}

async function show(page: Page, agent: string): Promise<void> {
  await page.locator(".agent", { hasText: agent }).click();
  await page.locator(".xterm-rows", { hasText: "READY" }).waitFor();
}

const ESC = "\u001b";
const ST = `${ESC}\\`;
/** Device attributes 1, 2 and 3, status, cursor (plain and DEC), modes, settings, version, keyboard, colours, window. */
const QUESTIONS = [
  ...["[c", "[0c", "[>c", "[>0c", "[=c", "[5n", "[6n", "[?6n", "[?15n", "[4$p", "[?1$p", "[?2026$p", "[>q", "[>0q"],
  ...["[?u", "[14t", "[18t", "[19t", "[20t", "[21t", "[?1004h", "Z", "[x", "[1x", "[?996n", "[?5n", "[?26n", "[?53n"],
].map((text) => ESC + text);
/** The same without ESC: eight-bit controls, and the question that is one byte. */
const SHORT = [
  "\u009bc",
  "\u009b>c",
  "\u009b5n",
  "\u009b6n",
  "\u009b?1$p",
  "\u0090$qm\u009c",
  "\u009d10;?\u009c",
  "\u0005",
];
const STRINGS = [
  ...[
    `P$qm${ST}`,
    `P$qr${ST}`,
    `P$q"p${ST}`,
    `P$q"q${ST}`,
    `P$q q${ST}`,
    `P$qs${ST}`,
    `P+q544e${ST}`,
    `]10;?${ST}`,
    `]11;?${ST}`,
    `]12;?\u0007`,
  ],
  ...[`]4;1;?${ST}`, `]4;1;?;2;?\u0007`, `]52;c;?${ST}`],
].map((text) => ESC + text);

it("S30 a program's questions make no browser type, with three viewers and after a reload", async () => {
  // The last question is one that tmux answers: then it has answered all.
  const { agent, sent } = await startPrinter("questions", [...QUESTIONS, ...STRINGS, ...SHORT, `${ESC}[6n`].join(""));
  const answered = await seen(() =>
    /R$/.test(sent()) && stage.daemon.engine.state.agents[agent]?.pane ? sent() : null,
  );
  const pages = await Promise.all([view(agent), view(agent), view(agent)]);
  const [first] = pages;
  await first?.reload();
  await first?.locator(".line.live").waitFor();
  await first?.locator(".xterm-rows", { hasText: "READY" }).waitFor();
  // What a person types comes after whatever the page itself would have sent: the same socket, in order.
  let expected = answered;
  for (const [index, page] of pages.entries()) {
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type(String(index));
    expected += String(index);
    await seen(() => sent().endsWith(String(index)));
    expect(JSON.stringify(sent())).toBe(JSON.stringify(expected));
  }
  await Promise.all(pages.map((page) => page.context().close()));
}, 40_000);

/** A person's own terminal, attached by tmux: what it is sent, and whether the program's words have come to it. */
async function attach(agent: string): Promise<{ shown: () => string; end: () => Promise<void> }> {
  await seen(() => stage.daemon.engine.state.agents[agent]?.pane);
  const { argv } = await stage.client.get<{ argv: string[] }>(`/api/attach/${agent}`);
  let shown = "";
  const data = (_: unknown, bytes: Uint8Array) => {
    shown += Buffer.from(bytes).toString("latin1");
  };
  const env = { PATH: process.env.PATH, HOME: stage.folder, LANG: "C.UTF-8", TERM: "xterm-256color" };
  const child = Bun.spawn(argv, { env, terminal: { cols: 120, rows: 40, data } });
  await seen(() => shown.includes("READY"));
  return {
    shown: () => shown,
    end: async () => {
      child.kill();
      await child.exited;
    },
  };
}

it("S29 a program changes no viewer's clipboard, raw or through tmux, and reads none", async () => {
  const data = Buffer.from("stolen").toString("base64");
  const writes = [
    `${ESC}]52;c;${data}\u0007`,
    `${ESC}]52;;${data}${ST}`,
    `${ESC}Ptmux;${ESC}${ESC}]52;c;${data}\u0007${ST}`,
    `${ESC}P${ESC}]52;c;${data}\u0007${ST}`,
    `\u009d52;c;${data}\u009c`,
  ];
  const reads = [`${ESC}]52;c;?\u0007`, `${ESC}]52;p;?${ST}`, `${ESC}Ptmux;${ESC}${ESC}]52;c;?\u0007${ST}`];
  const printed = [...writes, ...reads].join("");
  // Once before anybody looks, and again at every letter while all of them do.
  const { agent, sent } = await startPrinter("clipboard", printed, printed);
  const person = await attach(agent);
  const pages = await Promise.all([stage.page(browser), stage.page(browser)]);
  for (const page of pages) {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.bringToFront();
    await page.evaluate(() => navigator.clipboard.writeText("mine"));
    await show(page, agent);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
  }
  const size = person.shown().length;
  await stage.client.post(`/api/actions/jobs/${agent}/keys`, { keys: "again" });
  await seen(() => person.shown().slice(size).includes("READY"));
  for (const page of pages) {
    await page.bringToFront();
    await page.locator(".xterm-rows", { hasText: /READY[\s\S]*READY/ }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
  }
  // As words it may be shown; as a sequence it would act on their terminal.
  expect(person.shown()).not.toMatch(/(?:\x1b\]|\x9d)52;/);
  expect(sent()).toBe("again");
  await person.end();
  await Promise.all(pages.map((page) => page.context().close()));
}, 40_000);

/** Where a text stands on the screen; asked in one step, as rows are drawn anew at any time. */
function placeOf(page: Page, text: string): Promise<{ x: number; y: number }> {
  const find = (wanted: string) => {
    const span = [...document.querySelectorAll(".xterm-rows span")].find((it) => it.textContent?.includes(wanted));
    const box = span?.getBoundingClientRect();
    return box && { x: box.x, y: box.y + box.height / 2 };
  };
  return seen(() => page.evaluate(find, text));
}

it("S31 a link of a program opens nothing but http(s), and only after its real address was shown", async () => {
  const link = (address: string, text: string) => `${ESC}]8;;${address}${ST}${text}${ESC}]8;;${ST}\r\n`;
  const { agent } = await startPrinter(
    "links",
    link("javascript:window.__pwn=1", "click-script") +
      link("file:///etc/passwd", "click-file") +
      link("https://real.example/path", "https://other.example"),
  );
  const page = await view(agent);
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  for (const text of ["click-script", "click-file", "https://other.example"]) {
    const { x, y } = await placeOf(page, text);
    // Twice: a terminal looks for links where the mouse moves.
    for (const step of [4, 8]) await page.mouse.move(x + step, y);
    // Only what may be opened is a link at all.
    if (text.startsWith("https")) await page.locator(".xterm-cursor-pointer").waitFor();
    await page.mouse.down();
    await page.mouse.up();
  }
  await seen(() => asked.length > 0);
  expect(asked).toEqual([expect.stringContaining("https://real.example/path")]);
  expect(await page.evaluate(() => (window as { __pwn?: number }).__pwn)).toBeUndefined();
  expect(page.context().pages().length).toBe(1);
  await page.context().close();
}, 40_000);

it("S32 a title that a program sets changes neither the page's title nor a window's name, however long it is", async () => {
  const socket = join(stage.folder, "home", "tmux.sock");
  const windows = () =>
    Bun.spawnSync(["tmux", "-S", socket, "list-windows", "-a", "-F", "#{window_id} #{window_name}"]).stdout.toString();
  const markup = '<img src=x onerror="window.__pwn=1">';
  const titles = [markup, `${markup}\r\nnext`, `${markup}${"long ".repeat(200_000)}`].flatMap((title) => [
    ...[`${ESC}]0;${title}\u0007`, `${ESC}]2;${title}${ST}`, `${ESC}k${title.slice(0, 200)}${ST}`],
  ]);
  const { agent, sent } = await startPrinter("titles", "", titles.join(""));
  const page = await view(agent);
  const [before, name] = [windows(), await page.title()];
  expect(before).toContain(" ");
  await stage.client.post(`/api/actions/jobs/${agent}/keys`, { keys: "go" });
  await page.locator(".xterm-rows", { hasText: /READY[\s\S]*READY|next[\s\S]*READY/ }).waitFor();
  expect([windows(), await page.title()]).toEqual([before, name]);
  expect(await page.locator("img:not([src^='/assets/'])").count()).toBe(0);
  expect(await page.evaluate(() => (window as { __pwn?: number }).__pwn)).toBeUndefined();
  expect(sent()).toBe("go");
  await page.context().close();
}, 40_000);

it("colours of a program are shown as it sent them, and nothing breaks the page's policy", async () => {
  const { agent } = await startPrinter("colours", `${ESC}[38;2;255;120;60mtrue${ESC}[0m ${ESC}[32mgreen${ESC}[0m\r\n`);
  const page = await view(agent);
  const colour = (text: string) =>
    page
      .locator(".xterm-rows span", { hasText: text })
      .first()
      .evaluate((it) => getComputedStyle(it).color);
  expect(await colour("true")).toBe("rgb(255, 120, 60)");
  expect(await colour("green")).toBe("rgb(95, 192, 136)");
  await page.context().close();
}, 40_000);

const SCRIPTS = [
  '<img src=x onerror="window.__pwn=1">',
  "<script>window.__pwn=1</script>",
  '"><svg onload=window.__pwn=1>',
  "[x](javascript:window.__pwn=1)",
  "{{constructor.constructor('window.__pwn=1')()}}",
  "<iframe srcdoc='<script>parent.__pwn=1</script>'>",
  "javascript:window.__pwn=1//",
];

it("S33 text of agents is text: in rows, ledger, messages and letters", async () => {
  const page = await stage.page(browser);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const agent = await stage.start(`SAY: ${SCRIPTS.join(" ")}`);
  for (const text of SCRIPTS) await stage.client.post("/api/messages", { from: agent, to: "user", text });
  await page.locator(".agent", { hasText: agent }).click();
  for (const text of SCRIPTS) await page.locator(".fact", { hasText: text }).first().waitFor();
  await page.getByRole("tab", { name: "Messages" }).click();
  const letter = page.locator(".letter", { hasText: SCRIPTS[0] }).first();
  await letter.getByRole("button").click();
  await letter.locator("pre").waitFor();
  expect(await page.evaluate(() => (window as { __pwn?: number }).__pwn)).toBeUndefined();
  expect(await page.locator("img:not([src^='/assets/']), iframe, svg:not(.rail .icon)").count()).toBe(0);
  expect(requests.filter((url) => !url.startsWith(stage.web.url))).toEqual([]);
  await page.context().close();
}, 40_000);
