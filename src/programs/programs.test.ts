import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgramOrder } from "../core/errands/port.ts";
import { systemChecks } from "./checks.ts";
import { mustersFolder, newFolder } from "./folders.ts";
import { beginningOf } from "./group.ts";
import { systemPrograms } from "./programs.ts";

let repo: string;
beforeAll(() => {
  repo = mkdtempSync(join(tmpdir(), "muster-programs-"));
});
afterAll(() => rmSync(repo, { recursive: true, force: true }));

const env = { PATH: process.env.PATH ?? "", ONLY: "this" };
const open = (files: Record<string, string> = {}) => systemPrograms.open(repo, "aux", "20261126-072301", files);
/** A program of these lines; stands for an AI CLI. */
const program = (text: string): string[] => [process.execPath, "--no-install", "-e", text];

async function run(text: string, more: Partial<ProgramOrder> = {}) {
  const folder = await open();
  const signal = new AbortController().signal;
  const order = { argv: program(text), cwd: repo, env, folder, limitMs: 20_000, signal, ...more };
  const ended = await systemPrograms.run(order);
  const file = (name: string) => readFileSync(join(folder, name), "utf8");
  return { ended, folder, file, meta: () => JSON.parse(file("meta.json")) };
}

const isAlive = (pid: number): boolean => {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return stat === "" ? beginningOf(pid) !== null && !existsSync("/proc") : !/\) Z /.test(stat);
};
async function untilGone(pid: number): Promise<void> {
  for (let n = 0; n < 500 && isAlive(pid); n += 1) await Bun.sleep(10);
  expect(isAlive(pid)).toBe(false);
}

test("P67 a run has a folder of its own with prompt, outputs and meta; a second one gets another", async () => {
  const folder = await open({ "prompt.txt": "look" });
  expect(folder).toBe(join(repo, ".muster", "work", "aux", "20261126-072301"));
  expect(readFileSync(join(folder, "prompt.txt"), "utf8")).toBe("look");
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(await open()).toBe(`${folder}-2`);
  expect(await open()).toBe(`${folder}-3`);
  expect(readFileSync(join(repo, ".muster", ".gitignore"), "utf8")).toBe("*\n");
});

test("P67 the prompt comes by standard input or argument as it is; words and code are kept", async () => {
  const prompt = `$(touch x); "quoted" \`now\` äß ${"y".repeat(100_000)}`;
  const { ended, file, meta } = await run(
    `const text = await Bun.stdin.text(); console.log(text.length, process.env.ONLY, process.cwd()); console.error("hm"); process.exit(7)`,
    { stdin: prompt },
  );
  expect(ended).toEqual({ code: 7, end: "own", problem: "", stdout: `${prompt.length} this ${repo}\n` });
  expect(file("stdout.txt")).toBe(ended.stdout);
  expect(file("stderr.txt")).toBe("hm\n");
  expect(meta()).toMatchObject({
    cwd: repo,
    code: 7,
    end: "own",
    pid: expect.any(Number),
    endedAt: expect.any(String),
  });
  expect(existsSync(join(repo, "x"))).toBe(false);
});

test("P65 P67 a program out of its time is ended with everything it started", async () => {
  const child = `setInterval(() => {}, 1000)`;
  const { ended, meta, file } = await run(
    `const child = Bun.spawn([process.execPath, "-e", ${JSON.stringify(child)}]); console.log(child.pid); setInterval(() => {}, 1000)`,
    { limitMs: 700 },
  );
  expect(ended).toMatchObject({ code: null, end: "timeout" });
  expect(meta()).toMatchObject({ code: null, end: "timeout" });
  const pid = Number(file("stdout.txt"));
  expect(pid).toBeGreaterThan(0);
  await untilGone(pid);
});

test("one that does not listen is ended all the same", async () => {
  const { ended } = await run(`process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)`, { limitMs: 500 });
  expect(ended).toMatchObject({ code: null, end: "timeout" });
});

test("a run that is stopped ends, before or while it works", async () => {
  const stopping = new AbortController();
  const { ended } = await run("setInterval(() => {}, 1000)", {
    signal: stopping.signal,
    started: () => stopping.abort(),
  });
  expect(ended).toMatchObject({ code: null, end: "stopped" });
  expect((await run("0", { signal: stopping.signal })).ended).toMatchObject({ code: null, end: "stopped" });
});

test("P67 a missing program is said with its PATH", async () => {
  const { ended, meta } = await run("", { argv: ["no-such-cli", "x"] });
  expect(ended).toEqual({
    code: null,
    end: "missing",
    problem: `no-such-cli is no program in PATH (${env.PATH})`,
    stdout: "",
  });
  expect(meta()).toMatchObject({ end: "missing" });
});

test("a huge output stays bounded: the file up to its limit, memory both ends", async () => {
  const { ended, folder, file } = await run(
    `for (let n = 0; n < 20; n++) await Bun.write(Bun.stdout, "a".repeat(1 << 20)); await Bun.write(Bun.stdout, "the end")`,
  );
  expect(ended.stdout.length).toBeLessThan(140_000);
  expect(ended.stdout).toStartWith("aaa");
  expect(ended.stdout).toEndWith("the end");
  expect(ended.stdout).toMatch(/\[\.\.\. \d+ bytes \.\.\.\]/);
  expect(statSync(join(folder, "stdout.txt")).size).toBeLessThan(16 * 1024 * 1024 + 100);
  expect(file("stdout.txt").slice(-40)).toContain("bytes dropped");
});

test("what a dead daemon left running is ended, and nobody who has its number now", async () => {
  const folder = await open();
  const left = Bun.spawn(program("setInterval(() => {}, 1000)"), {
    detached: true,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const write = (meta: object) => writeFileSync(join(folder, "meta.json"), JSON.stringify(meta));
  await systemPrograms.endOrphan(folder);
  write({ pid: left.pid, beginning: "1" });
  await systemPrograms.endOrphan(folder);
  write({ pid: left.pid, beginning: beginningOf(left.pid), endedAt: "x" });
  await systemPrograms.endOrphan(folder);
  expect(isAlive(left.pid)).toBe(true);
  write({ pid: left.pid, beginning: beginningOf(left.pid) });
  await systemPrograms.endOrphan(folder);
  await left.exited;
  expect(left.signalCode).toBe("SIGKILL");
});

test("links in the way of a folder are refused", async () => {
  const other = mkdtempSync(join(tmpdir(), "muster-other-"));
  const elsewhere = join(other, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(other, ".muster"));
  symlinkSync(elsewhere, join(other, ".muster", "work"));
  expect(() => mustersFolder(other, "work", "aux")).toThrow("is not a folder of its own");
  expect(() => mustersFolder(join(other, "gone"), "work")).toThrow("is gone, moved or deleted");
  expect(() => newFolder(join(other, "gone"), "x")).toThrow("ENOENT");
  rmSync(other, { recursive: true });
});

test("P12 checks run in a shell, one log for all", async () => {
  const log = await systemChecks.open(repo, "evrun-20261126-072301");
  const signal = new AbortController().signal;
  const check = (line: string, limitMs = 20_000) => systemChecks.run({ line, cwd: repo, env, log, limitMs, signal });
  expect(await check("echo one && echo two >&2")).toBe(0);
  expect(await check("exit 3")).toBe(3);
  expect(await check("sleep 30", 300)).toBeNull();
  expect(readFileSync(log, "utf8").replace("two\none", "one\ntwo")).toBe(
    "$ echo one && echo two >&2\none\ntwo\n[rc=0]\n\n$ exit 3\n[rc=3]\n\n$ sleep 30\n[timeout]\n\n",
  );
  expect(log).toBe(join(repo, ".muster", "work", "logs", "evrun-20261126-072301.log"));
  expect(await systemChecks.open(repo, "evrun-20261126-072301")).toEndWith("-072301-2.log");
});
