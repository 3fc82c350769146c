import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LedgerCopy, writeCopy } from "./ledger-copy.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-copy-"));
  path = join(folder, "ledger.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (id: number) => ({ id, ts: "t", team: "t", kind: "start", text: "ä" });
const ids = (): number[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text).id);
const torn: number[] = [];
const last = (copy: LedgerCopy): Promise<number> => copy.lastId((bytes) => torn.push(bytes));

test("P37 lines are appended, and another life of the daemon goes on behind the newest", async () => {
  const copy = new LedgerCopy(path);
  expect(await last(copy)).toBe(0);
  await copy.append([line(3), line(5)], 9);
  expect(await last(copy)).toBe(9);
  expect(await last(new LedgerCopy(path))).toBe(5);
  await copy.append([], 12);
  expect([await last(copy), ids()]).toEqual([12, [3, 5]]);
});

test("P37 a torn last line after a crash goes to ledger.bad, once, and the next is whole", async () => {
  await new LedgerCopy(path).append([line(1)], 1);
  appendFileSync(path, '{"id":2,"ts":"t');
  const copy = new LedgerCopy(path);
  torn.length = 0;
  expect(await last(copy)).toBe(1);
  expect(torn).toEqual([15]);
  await copy.append([line(2)], 2);
  expect(ids()).toEqual([1, 2]);
  expect(readFileSync(join(folder, "ledger.bad"), "utf8")).toBe('{"id":2,"ts":"t\n');
  expect(await last(new LedgerCopy(path))).toBe(2);
  expect(torn).toHaveLength(1);
});

test("P37 a file that has grown to its limit is put aside, and its ids go on", async () => {
  const copy = new LedgerCopy(path, 60);
  await copy.append([line(1), line(2)], 2);
  await copy.append([line(3)], 3);
  expect(ids()).toEqual([3]);
  expect(existsSync(`${path}.1`)).toBe(true);
  expect(readFileSync(`${path}.1`, "utf8").trimEnd().split("\n")).toHaveLength(2);
});

test("a document is written whole", async () => {
  await writeCopy(join(folder, "status.json"), { a: 1 });
  expect(JSON.parse(readFileSync(join(folder, "status.json"), "utf8"))).toEqual({ a: 1 });
});
