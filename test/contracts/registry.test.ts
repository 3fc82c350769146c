import { expect, test } from "bun:test";
import { join } from "node:path";
import { driverNamed, KNOWN_DRIVERS } from "../../src/drivers/registry.ts";
import { isTest, ROOT, sourcesIn } from "../sources.ts";

test("every driver of the registry passes the contract: a new one without it fails here", () => {
  const tests = sourcesIn(join(ROOT, "test")).filter(({ path }) => isTest(path));
  const shown = tests.flatMap(({ text }) =>
    [...text.matchAll(/^\s*driverContract\("(\w+)"/gm)].map(([, name]) => name),
  );
  expect(shown.sort()).toEqual([...KNOWN_DRIVERS].sort());
  for (const name of KNOWN_DRIVERS) expect(driverNamed(name).driver.name).toBe(name);
});
