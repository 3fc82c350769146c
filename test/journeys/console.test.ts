import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../src/core/facts.ts";
import { type Desk, openDesk } from "./seat.ts";
import { until, World } from "./world.ts";

const world = new World();
const repo = join(world.folder, "my-repo");
const SRC = join(import.meta.dir, "..", "..", "src");
const COLUMNS = 100;
const ROWS = 30;
let desk: Desk;

const tmux = (...args: string[]): string =>
  Bun.spawnSync(["tmux", "-S", join(world.folder, `desk-${COLUMNS}x${ROWS}.sock`), ...args], {
    env: world.env(),
  }).stdout.toString();

/** Keys as a person types them: no Enter behind. */
const type = (text: string): void => void tmux("send-keys", "-l", "--", text);
const shows = (what: string, words: string | RegExp): Promise<string | boolean> =>
  until(what, () => (typeof words === "string" ? desk.screen().includes(words) : words.test(desk.screen())));

/** What a program can leave behind in a terminal. */
const MODES =
  "#{alternate_on} #{cursor_flag} #{wrap_flag} #{insert_flag} #{origin_flag} #{keypad_flag} #{mouse_any_flag}";

let runs = 0;

/** The line settings and modes of the desk's terminal, and whether it brackets a paste. */
async function found(): Promise<string> {
  const file = join(world.folder, `stty-${++runs}`);
  desk.type(`clear; stty -a > ${file}; cat -v; echo over-${runs}`);
  await until("the settings are written", () => Bun.file(file).size > 100);
  tmux("set-buffer", `pasted-${runs}`);
  tmux("paste-buffer", "-p");
  await shows("the paste", `pasted-${runs}`);
  const pasted = desk.screen().trim();
  desk.press("Enter", "C-d");
  await shows("the shell", new RegExp(`^over-${runs}$`, "m"));
  return `${readFileSync(file, "utf8")}${tmux("display-message", "-p", MODES)}${pasted.replace(/\d+/g, "N")}`;
}

beforeAll(async () => {
  mkdirSync(repo);
  writeFileSync(join(repo, "PROJECT.md"), "A project.\n");
  for (const args of [
    ["init", "-q"],
    ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
  ]) {
    Bun.spawnSync(["git", ...args], { cwd: repo, env: { ...world.env(), GIT_CONFIG_NOSYSTEM: "1" } });
  }
  await world.boot();
  desk = openDesk(world, repo, COLUMNS, ROWS);
  const seat = { driver: "standin" };
  await world.client.post("/api/teams", { repo, peerA: seat, peerB: seat });
  await until("both are idle", async () =>
    Object.values((await world.state()).agents).every(({ activity }) => activity === "idle"),
  );
});
afterAll(async () => {
  desk.end();
  await world.end();
});

/** Runs the console so that its process can be told apart, and waits until it shows the team. */
async function open(): Promise<number> {
  const file = join(world.folder, "pid");
  rmSync(file, { force: true });
  const run = `exec ${process.execPath} --no-install ${join(SRC, "main.ts")} tui`;
  desk.type(`clear; sh -c 'echo $$ > ${file}; ${run}'; echo left with $?`);
  await shows("the console", /my-repo pair ─+ live ─/);
  return Number(readFileSync(file, "utf8"));
}

test("P84 (fault 27) however the console is left, the terminal is as it was", async () => {
  const before = await found();
  expect(before).toContain("icanon");
  const ways: [string, string, (pid: number) => void][] = [
    ["/q", "0", () => desk.press("/", "q", "Enter")],
    ["Ctrl-D", "0", () => desk.press("C-d")],
    ...(["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal): [string, string, (pid: number) => void] => [
      signal,
      "130",
      (pid) => process.kill(pid, signal),
    ]),
  ];
  for (const [way, code, leave] of ways) {
    leave(await open());
    await shows(`it is left by ${way}`, `left with ${code}`);
    expect([way, await found()]).toEqual([way, before]);
  }
  const crash = `import { OwnTerminal } from "${SRC}/tui/terminal.ts"; const it = new OwnTerminal();
    it.open({ bytes() {}, resized() {}, gone() {} }); it.write("drawn"); setTimeout(() => { throw new Error("a bug"); }, 50);`;
  writeFileSync(join(world.folder, "crash.ts"), crash);
  desk.type(`clear; ${process.execPath} --no-install ${join(world.folder, "crash.ts")} 2> err; echo left with $?`);
  await shows("the crash", "left with 1");
  expect(readFileSync(join(repo, "err"), "utf8")).toContain("a bug");
  expect(["a crash", await found()]).toEqual(["a crash", before]);
}, 60_000);

/** Facts of the ledger after one, as text. */
async function factsAfter(seq: number): Promise<string[]> {
  const { facts } = await world.client.get<{ facts: Event[] }>(`/api/ledger?after=${seq}&limit=1000`);
  return facts.map((fact) => JSON.stringify(fact));
}

test("P81 (fault 10) every line that is typed leaves its trace in the ledger, and every question has its answer", async () => {
  await open();
  const { seq } = await world.state();
  let last = seq;
  const writes: [string, RegExp][] = [
    ["/pause", /"type":"team.paused"/],
    ["/resume", /"type":"team.resumed"/],
    ["a: SAY: heard by one", /"type":"message.queued".*"from":"user".*SAY: heard by one/],
    ["both: SAY: 二人とも", /"type":"message.queued".*"from":"user".*SAY: 二人とも/],
    ["b! SAY: typed by hand", /"type":"turn.ended".*typed by hand/],
    ["/focus the login", /"type":"team.focused".*the login/],
    ["/verbose on", /"type":"team.tuned".*"verbose"/],
    ["/echo off", /"type":"team.tuned".*"echo"/],
    ["/filter off", /"type":"team.tuned".*"filter"/],
    ["/refresh", /"type":"cadence.asked".*"refresh"/],
    ["/reset compact", /"type":"cadence.asked".*"compact"/],
    ["/restart peerb", /"type":"terminal.opened".*"incarnation":2/],
  ];
  for (const [line, trace] of writes) {
    type(line);
    await shows(`${line} in the input`, `› ${line}`);
    desk.press("Enter");
    const found = await until(`the trace of ${line}`, async () => {
      return (await factsAfter(last)).find((fact) => trace.test(fact));
    });
    last = Math.max(last, (JSON.parse(found) as Event).seq);
  }
  await shows("what a peer was told", /you {6}→ PeerA: SAY: heard by one/);
  const reads: [string, RegExp][] = [
    ["/status", /^\d\d:\d\d {2}\/status +Agents A/m],
    ["/queue", /^\d\d:\d\d {2}\/queue /m],
    ["/locks", /^\d\d:\d\d {2}\/locks +nobody claims a file/m],
    ["/task", /^\d\d:\d\d {2}\/task /m],
    ["/rfd", /^\d\d:\d\d {2}\/rfd +nothing is to be decided/m],
    ["/filter status", /^\d\d:\d\d {2}\/filter +the filter is off/m],
    ["/why PeerB", /^\d\d:\d\d {2}\/why +PeerB \([0-9a-f]{8}\) is/m],
  ];
  for (const [line, answer] of reads) {
    type(line);
    await shows(`${line} in the input`, `› ${line}`);
    desk.press("Enter");
    await shows(`the answer to ${line}`, answer);
  }
  desk.press("C-d");
  await shows("it is left", "left with 0");
}, 60_000);

test("P84 wide letters, emoji and another size leave every row whole, and the cursor behind the text", async () => {
  await open();
  type("a: 日本 👨‍👩‍👧 e\u0301 ok");
  await shows("the line", / ok$/m);
  const cursor = tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").trim();
  expect(cursor).toBe(`${2 + 3 + 4 + 1 + 2 + 1 + 1 + 1 + 2} ${ROWS - 1}`);
  for (const [columns, rows] of [
    [60, 15],
    [41, 12],
    [COLUMNS, ROWS],
  ] as const) {
    tmux("resize-window", "-x", String(columns), "-y", String(rows));
    const lines = await until(`the whole screen with ${columns} columns`, () => {
      const all = desk.screen().split("\n").slice(0, rows);
      const rule = all.find((line) => line.includes("my-repo pair"));
      const isWhole = Bun.stringWidth(rule ?? "") === columns && all[rows - 1]?.startsWith("› a: 日本");
      return isWhole ? all : undefined;
    });
    expect(lines.filter((line) => line.includes("my-repo pair"))).toHaveLength(1);
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
  }
  desk.press("C-c", "C-d");
  await shows("it is left", "left with 0");
}, 30_000);

test("P60 a console outlives its daemon: what it shows is said to be old, and goes on when the next daemon answers", async () => {
  await open();
  await world.kill();
  await shows("that it is old", /my-repo pair ─+ stale since \d\d:\d\d ─/);
  type("a: SAY: while it was away");
  desk.press("Enter");
  await shows("why it is not sent", "the daemon does not answer");
  await shows("the line, back", "› a: SAY: while it was away");
  await world.boot();
  await shows("that it is true again", /my-repo pair ─+ live ─/);
  desk.press("Enter");
  await shows("that it was told", /you {6}→ PeerA: SAY: while it was away/);
  desk.press("C-d");
  await shows("it is left", "left with 0");
}, 30_000);

test("P14 P81 (fault 24) 200 lines at once from console, command line and page are each carried out once", async () => {
  const { seq } = await world.state();
  const line = (text: string, channel: string) =>
    world.client.post("/api/teams/my-repo/console", { line: text, channel });
  await line("/pause", "tui");
  const texts = Array.from({ length: 200 }, (_, n) => `a: number ${n} of many`);
  await Promise.all(texts.map((text, n) => line(text, ["tui", "cli", "web"][n % 3] ?? "")));
  const told = (await factsAfter(seq)).filter((fact) => /"type":"message.queued".* of many/.test(fact));
  expect(told.map((fact) => (JSON.parse(fact) as { preview: string }).preview).sort()).toEqual(
    texts.map((text) => text.slice(3)).sort(),
  );
}, 30_000);

test("P84 (fault 27) a terminal that is closed takes its console with it, and nothing else", async () => {
  const agents = Object.values((await world.state()).agents).map(({ pid }) => pid);
  const pid = await open();
  desk.end();
  const isThere = () => existsSync(`/proc/${pid}`);
  await until("the console's process is gone", () => !isThere());
  expect(Object.values((await world.state()).agents).map((agent) => agent.pid)).toEqual(agents);
}, 30_000);
