import { expect, test } from "bun:test";
import { costWords } from "./usage.ts";

test("A18 a cost names who reckoned it; what nobody knows is unknown, and the least is no zero", () => {
  expect(costWords({ cost: 1.234, costFrom: "prices" })).toBe("$1.23 by prices.json");
  expect(costWords({ cost: 0.5, costFrom: "cli" })).toBe("$0.50 as its CLI says");
  expect(costWords({ cost: 0.0004, costFrom: "prices" })).toBe("less than $0.01 by prices.json");
  expect(costWords({ cost: null, costFrom: null })).toStartWith("unknown: its CLI has not told");
});
