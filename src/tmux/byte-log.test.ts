import { afterAll, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ByteLogs, logSize, readRange } from "./byte-log.ts";
import { until } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "muster-log-"));
const logs = new ByteLogs(folder);
afterAll(() => {
  logs.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Collects what a reader gets until it has `size` bytes. */
async function collect(log: string, offset: number, size: number): Promise<string> {
  const stop = new AbortController();
  let got = "";
  for await (const it of logs.watch(log, offset, stop.signal)) {
    expect(it.offset).toBe(offset + got.length);
    got += Buffer.from(it.bytes).toString("latin1");
    if (got.length >= size) stop.abort();
  }
  return got;
}

test("A-fault 28: a reader may come before the file, and from any offset", async () => {
  const log = join(folder, "a.log");
  const all = collect(log, 0, 10);
  const tail = collect(log, 4, 6);
  appendFileSync(log, "0123");
  appendFileSync(log, "456789");
  expect(await all).toBe("0123456789");
  expect(await tail).toBe("456789");
  expect(logSize(log)).toBe(10);
  expect(Buffer.from(readRange(log, 2, 5)).toString()).toBe("234");
  expect(readRange(log, 8, 99).length).toBe(2);
  expect(readRange(log, 99, 100).length).toBe(0);
});

const BURSTS = 60;

/** Another process: four writes 30 or 300 µs apart per line of its input. Bun's watcher drops some of their events. */
const writer = (log: string) => `
  import { appendFileSync } from "node:fs";
  let written = 0;
  const burst = () => {
    for (let n = 0; n < 4; n++) {
      appendFileSync(${JSON.stringify(log)}, "x".repeat(20));
      const pause = performance.now() + ((written / 80) % 2 ? 0.3 : 0.03);
      while (performance.now() < pause);
    }
    written += 80;
    console.log(written);
  };
  burst();
  for await (const _ of Bun.stdin.stream()) burst();
`;

test("the last write of a burst is noticed at once, not by the sweep", async () => {
  const log = join(folder, "b.log");
  let size = 0;
  let late = 0;
  const stop = new AbortController();
  const reading = (async () => {
    for await (const it of logs.watch(log, 0, stop.signal)) size = it.offset + it.bytes.length;
  })();
  const child = Bun.spawn([process.execPath, "-e", writer(log)], { stdin: "pipe", stdout: "pipe" });
  for await (const said of child.stdout) {
    const written = Number(Buffer.from(said).toString().trim());
    const end = performance.now();
    await until(() => size === written);
    if (performance.now() - end > 100) late++;
    if (written >= BURSTS * 80) break;
    child.stdin.write("go\n");
    await child.stdin.flush();
  }
  child.kill();
  stop.abort();
  await reading;
  expect(late).toBe(0);
});

test("only logs of the folder can be read", async () => {
  const next = (log: string) => logs.watch(log, 0, AbortSignal.timeout(10))[Symbol.asyncIterator]().next();
  await expect(next("/etc/passwd")).rejects.toThrow("not a terminal's log");
  await expect(next(join(folder, "..", "x"))).rejects.toThrow("not a terminal's log");
  await expect(next(`${folder}/../x/a.log`)).rejects.toThrow("not a terminal's log");
});

test("a stopped folder ends its readers", async () => {
  const other = new ByteLogs(folder);
  const reading = (async () => {
    for await (const _ of other.watch(join(folder, "none.log"), 0, new AbortController().signal));
    return "ended";
  })();
  other.stop();
  expect(await reading).toBe("ended");
});
