import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILT_IN_PRICES } from "../core/jobs/prices.ts";
import { Prices } from "./prices.ts";

test("A42 the price file is made when there is none, followed when it is edited, and never written over", () => {
  const folder = mkdtempSync(join(tmpdir(), "muster-prices-"));
  const path = join(folder, "prices.json");
  const told: string[] = [];
  const open = () => new Prices(path, (text) => void told.push(text));
  const prices = open();
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(BUILT_IN_PRICES);
  expect(prices.now()).toEqual(BUILT_IN_PRICES);
  const own = { date: "2026-05-01", models: { mine: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 } } };
  writeFileSync(path, JSON.stringify(own));
  expect([prices.now(), open().now()]).toEqual([own, own]);
  for (const wrong of ["{", '{"date":"2026-05-01","models":{"mine":{}}}']) {
    writeFileSync(path, wrong);
    expect(prices.now()).toEqual(BUILT_IN_PRICES);
    expect(open().now()).toEqual(BUILT_IN_PRICES);
    prices.now();
    expect(readFileSync(path, "utf8")).toBe(wrong);
  }
  // Once of each version and reader.
  expect(told.length).toBe(4);
  expect(told[3]).toStartWith(`${path}: models.mine.input: a number of dollars for a million tokens is needed`);
  rmSync(path);
  expect(prices.now()).toEqual(BUILT_IN_PRICES);
  rmSync(folder, { recursive: true });
});
