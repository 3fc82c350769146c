import { afterAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { logSize, readRange } from "./byte-log.ts";
import { createLab, openRecorder, pasted, until } from "./fixture.ts";
import { startOf } from "./processes.ts";

const lab = await createLab();
const { terminals } = lab;
/** Looks by itself once an hour: what it hears, tmux has told. */
const unhurried = await createLab({ roundMs: 3_600_000 });
afterAll(async () => {
  await lab.end();
  await unhurried.end();
});

const sh = (script: string, ...args: string[]) => ["/bin/sh", "-c", script, "sh", ...args];
const exitOf = (agent: string) => until(() => lab.exits.find((it) => it.agent === agent));
const unhurriedExitOf = (agent: string) => until(() => unhurried.exits.find((it) => it.agent === agent));
/** Reaped, or waiting for that. */
function hasEnded(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true;
  }
}
const gone = (pid: number) => until(() => startOf(pid) === null);

test("the log has every byte of a program that prints 5 MB and exits", async () => {
  // Why it rests before its end: server.test.ts.
  const script = "stty -opost; seq 1 750000; printf end; sleep 0.3; exit 42";
  const { log } = await terminals.open(lab.order("5mb", sh(script)));
  expect(await exitOf("5mb")).toEqual({ agent: "5mb", incarnation: 1, code: 42, signal: null });
  const expected = `${Array.from({ length: 750000 }, (_, n) => n + 1).join("\n")}\nend`;
  await until(() => logSize(log) === expected.length);
  expect(Buffer.from(readRange(log, 0, expected.length)).toString() === expected).toBe(true);
});

test("exit codes, signals and a folder that does not exist are told, once", async () => {
  await terminals.open(lab.order("signal", sh("kill -9 $$")));
  await terminals.open(lab.order("zero", ["true"]));
  await terminals.open(lab.order("nowhere", ["true"], { cwd: "/no/such/folder" }));
  expect(await exitOf("signal")).toMatchObject({ code: null, signal: 9 });
  expect(await exitOf("zero")).toMatchObject({ code: 0, signal: null });
  expect(await exitOf("nowhere")).toMatchObject({ code: 126 });
  expect(lab.exits.filter((it) => it.agent === "zero").length).toBe(1);
});

test("the end of a program is told by tmux itself and not by the round, at the latest with the end of the next", async () => {
  const agents = ["first", "second", "third", "fourth"];
  const pids: number[] = [];
  for (const agent of agents)
    pids.push((await unhurried.terminals.open(unhurried.order(agent, ["sleep", "1000"]))).pid);
  for (const [at, pid] of pids.entries()) {
    process.kill(pid, "SIGTERM");
    await until(() => hasEnded(pid));
    // tmux 3.3a forgets a child now and then, and reaps it with the next one; the round is there for the last.
    const before = agents[at - 1];
    if (before) expect(await unhurriedExitOf(before)).toMatchObject({ code: null, signal: 15 });
  }
});

test("keys reach the program while a person scrolls back in its pane", async () => {
  const { pane, got } = await openRecorder(lab, "scrolled");
  const raw = (...args: string[]) => Bun.spawnSync(["tmux", "-S", join(lab.folder, "tmux.sock"), ...args]).stdout;
  raw("copy-mode", "-t", pane);
  expect(raw("display-message", "-p", "-t", pane, "#{pane_in_mode}").toString()).toBe("1\n");
  await terminals.press(pane, [{ text: "q" }, { key: "Enter" }]);
  await until(async () => (await got()) === "q\r");
});

test("the pid of a pane is the program itself", async () => {
  const { pid } = await terminals.open(lab.order("pid", ["sleep", "1000"]));
  await until(() => readFileSync(`/proc/${pid}/cmdline`, "latin1") === "sleep\x001000\0");
});

test("100 KB of every kind of text arrive as one paste, byte for byte", async () => {
  const { pane, got } = await openRecorder(lab, "paste");
  const lines = ["C-c", "Enter", "line;", "a \\;", "/exit", "! id", "# note", "👩‍🚀 é", "\ttab", "-R", "$HOME `id`"];
  const text = `${Array.from({ length: 1700 }, () => lines.join("\n")).join("\n")};`;
  expect(Buffer.byteLength(text)).toBeGreaterThan(100_000);
  await terminals.paste(pane, text);
  await terminals.press(pane, [{ text: "éx;" }, { key: "Up" }, { key: "C-u" }, { key: "Enter" }]);
  const expected = `${pasted(text)}éx;\u001b[A\u0015\r`;
  await until(async () => (await got()).length >= expected.length);
  expect((await got()) === expected).toBe(true);
  expect(readdirSync(join(lab.folder, "launch"))).toEqual([]);
});

test("a paste into a program that has ended is refused, and ends neither tmux nor other agents", async () => {
  const { pane, pid } = await terminals.open(lab.order("ended", ["sleep", "1000"]));
  const other = await terminals.open(lab.order("beside", ["sleep", "1000"]));
  process.kill(pid, "SIGKILL");
  await exitOf("ended");
  const refused = await terminals.paste(pane, "too late").catch((error) => error);
  expect([refused.code, refused.message]).toEqual([
    ...["missing", "the terminal is gone: can't find session: the program has ended"],
  ]);
  expect((await terminals.list()).find((one) => one.pane === other.pane)?.pid).toBe(other.pid);
  expect(lab.lost).toEqual([]);
});

test("a screen has text, colours, title, cursor and size; resizing changes it", async () => {
  const script =
    "printf '\\033]2;a  title\\007\\033[31mred\\033[0m \\033(0lqk\\033(B\\r\\n%%end 1 2 1\\r\\nx'; exec cat";
  const { pane } = await terminals.open(lab.order("screen", sh(script)));
  const screen = await until(async () => {
    const now = await terminals.screen(pane);
    return now.plain[2] === "x" ? now : null;
  });
  expect(screen.plain.slice(0, 3)).toEqual(["red ┌─┐", "%end 1 2 1", "x"]);
  expect(screen.ansi[0]).toContain("\u001b[31mred");
  expect(screen).toMatchObject({ title: "a title", cursor: { x: 1, y: 2 }, cols: 140, rows: 50, unread: 0 });
  expect(screen.ansi.length).toBe(50);
  await terminals.resize(pane, 80, 24);
  expect(await terminals.screen(pane)).toMatchObject({ cols: 80, rows: 24 });
});

/** A program that reads nothing until it is continued. A child of the pane's, for tmux 3.3a itself continues a pane's program. */
async function openStopped(agent: string): Promise<{ pane: string; pid: number; file: string }> {
  const file = join(lab.folder, `${agent}.in`);
  const script = "stty raw -echo; printf '\\033[?2004h'; sh -c 'echo $$; exec cat > \"$0\"' \"$1\"; true";
  const { pane, log } = await terminals.open(lab.order(agent, sh(script, file)));
  const pid = await until(() => Number(/(\d+)\n/.exec(readFileSync(log, "latin1").replace("2004h", ""))?.[1]));
  await until(() => readFileSync(`/proc/${pid}/comm`, "utf8") === "cat\n");
  process.kill(pid, "SIGSTOP");
  await until(() => /\) T /.test(readFileSync(`/proc/${pid}/stat`, "latin1")));
  return { pane, pid, file };
}

const rssOfServer = (): number => {
  const [pid] = readFileSync(join(lab.folder, "tmux.pid"), "utf8").split("\n");
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
};

test("F21 input that a stopped program has not read is counted", async () => {
  const { pane, pid } = await openStopped("stopped");
  await terminals.paste(pane, "hello");
  const waiting = await until(async () => (await terminals.screen(pane)).unread);
  expect(waiting).toBe(pasted("hello").length);
  process.kill(pid, "SIGCONT");
  await until(async () => (await terminals.screen(pane)).unread === 0);
});

test("F21 the longest paste costs tmux its own size while nobody reads it, and arrives whole; 5 MB are refused", async () => {
  const { pane, pid, file } = await openStopped("deaf");
  const before = rssOfServer();
  const text = "0123456789abcdef".repeat(65_536);
  await terminals.paste(pane, text);
  await expect(terminals.paste(pane, text.repeat(5))).rejects.toThrow("too long to paste");
  // tmux fills the input after it has answered.
  await until(async () => (await terminals.screen(pane)).unread === 4095);
  expect(rssOfServer() - before).toBeLessThan(8_000);
  process.kill(pid, "SIGCONT");
  await until(() => statSync(file).size >= pasted(text).length);
  expect(readFileSync(file, "latin1") === pasted(text)).toBe(true);
});

test("close ends the program, what it started, and what ignores SIGHUP", async () => {
  const script = "trap '' HUP; setsid sleep 1001 & a=$!; sleep 1002 & echo $a $! ; while :; do sleep 1003; done";
  const { pane, pid } = await terminals.open(lab.order("stubborn", sh(script)));
  const children = await until(async () => /^(\d+) (\d+)/.exec((await terminals.screen(pane)).plain[0] ?? ""));
  const [apart = 0, child = 0] = children.slice(1).map(Number);
  // In a session of its own: nothing that the terminal's end reaches.
  await until(() => readFileSync(`/proc/${apart}/comm`, "utf8") === "sleep\n");
  await terminals.close(pane);
  for (const it of [pid, child, apart]) await gone(it);
  expect((await terminals.list()).find((it) => it.agent === "stubborn")).toBeUndefined();
  expect(await exitOf("stubborn")).toMatchObject({ code: null, signal: 9 });
  await terminals.close(pane);
});

test("a run is opened once; a living one is in the way of the next, a dead one is not", async () => {
  const first = await terminals.open(lab.order("again", sh("printf one; exec cat")));
  expect((await terminals.open(lab.order("again", ["true"]))).pane).toBe(first.pane);
  await expect(terminals.open(lab.order("again", ["true"], { incarnation: 2 }))).rejects.toThrow("still runs");
  await until(() => readFileSync(first.log, "latin1") === "one");
  process.kill(first.pid, "SIGKILL");
  await exitOf("again");
  const second = await terminals.open(lab.order("again", sh("printf two; exec cat"), { incarnation: 2 }));
  expect(second.log).toBe(first.log);
  await until(() => readFileSync(first.log, "latin1") === "onetwo");
  const listed = (await terminals.list()).filter((it) => it.agent === "again");
  expect(listed).toMatchObject([{ pane: second.pane, incarnation: 2, isDead: false, isPiped: true }]);
});

test("a session that somebody else ended is told at once, by tmux itself and not by the round", async () => {
  const socket = join(unhurried.folder, "tmux.sock");
  for (const agent of ["ended-1", "ended-2", "ended-3"]) {
    await unhurried.terminals.open(unhurried.order(agent, ["sleep", "1000"]));
    const ran = Bun.spawnSync(["tmux", "-S", socket, "kill-session", "-t", `=muster-${agent}`]);
    expect(ran.exitCode).toBe(0);
    expect(await unhurriedExitOf(agent)).toMatchObject({ code: null });
  }
});

test("a pipe that died is opened again", async () => {
  const { pane, pid, log } = await terminals.open(lab.order("pipe", ["cat"]));
  const writes = (it: string) => {
    try {
      return Number(it) > 1 && Number(it) !== pid && readlinkSync(`/proc/${it}/fd/1`) === log;
    } catch {
      return false;
    }
  };
  const writer = await until(() => readdirSync("/proc").find(writes));
  process.kill(Number(writer), "SIGKILL");
  // tmux notices with the next output, which is lost; the round opens the pipe anew.
  await until(async () => {
    await terminals.press(pane, [{ text: "<again>" }]);
    return readFileSync(log, "latin1").includes("<again>");
  });
});

test("all files are private", () => {
  const mode = (path: string) => statSync(join(lab.folder, path)).mode & 0o777;
  expect([".", "jobs", "launch"].map(mode)).toEqual([0o700, 0o700, 0o700]);
  const files = readdirSync(join(lab.folder, "jobs")).map((name) => mode(join("jobs", name)));
  expect(new Set([...files, mode("tmux.conf"), mode("tmux.pid")])).toEqual(new Set([0o600]));
});

test("F24 a flood costs no memory, even with a reader that never reads, and delays nobody", async () => {
  const stop = new AbortController();
  const other = await openRecorder(lab, "bystander");
  const flood = await terminals.open(
    lab.order("flood", sh("yes 0123456789abcdefghijklmnopqrstuvwxyz | head -c 60000000; sleep 0.3")),
  );
  const stuck = terminals.watch(flood.log, 0, stop.signal)[Symbol.asyncIterator]();
  await stuck.next();
  const before = process.memoryUsage.rss();
  const waits: number[] = [];
  let read = 0;
  const reading = (async () => {
    for await (const { bytes } of terminals.watch(flood.log, 0, stop.signal)) read += bytes.length;
  })();
  while (!lab.exits.some((it) => it.agent === "flood")) {
    const start = performance.now();
    await terminals.press(other.pane, [{ text: "k" }]);
    waits.push(performance.now() - start);
  }
  await until(() => read === logSize(flood.log) && read > 60_000_000);
  stop.abort();
  await reading;
  expect(process.memoryUsage.rss() - before).toBeLessThan(64e6);
  waits.sort((a, b) => a - b);
  expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThan(100);
  expect(rssOfServer()).toBeLessThan(64_000);
}, 20_000);

test("a folder with a strange name works, and one with a long name has its socket elsewhere", async () => {
  const folder = join(lab.folder, "o' %Y #(touch pwn) $HOME \"x");
  const odd = await createLab({ folder, socket: join(lab.folder, "odd.sock") });
  const { log, pane } = await odd.terminals.open(
    odd.order("a1", sh("printf '%s' \"$PWD\"; exec cat"), { cwd: folder }),
  );
  await until(() => readFileSync(log, "utf8") === folder);
  await odd.terminals.paste(pane, "by file");
  await until(() => readFileSync(log, "utf8").endsWith("by file"));
  await odd.terminals.close(pane);
  await until(() => odd.exits.length === 1);
  await odd.end();
  rmSync(folder, { recursive: true, force: true });
});
