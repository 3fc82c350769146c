import { expect, test } from "bun:test";
import { ANN, History } from "../../test/fakes/history.ts";
import { factLog } from "./fact-log.ts";

function written(level: string): string[] {
  const lines: string[] = [];
  const it = new History();
  const log = factLog({ MUSTER_LOG_LEVEL: level }, (line) => void lines.push(line));
  it.hire(ANN);
  it.observe({ type: "notice.raised", level: "warning", text: "careful" });
  it.observe({ type: "notice.raised", level: "error", text: "broken" });
  it.open(ANN);
  log?.(it.events, it.state);
  return lines;
}

test("P13 MUSTER_LOG_LEVEL says how much the daemon writes into its log; each level includes those before it", () => {
  expect(written("error")).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\S+Z error Muster: broken$/)]);
  expect(written("warning").map((line) => line.split(" ").slice(1).join(" "))).toEqual([
    "warning Muster: careful",
    "error Muster: broken",
  ]);
  expect(written("info")).toHaveLength(3);
  expect(written("info")[0]).toEndWith(` info ${ANN}: hired: standin, workspace-write`);
  expect(written("debug").length).toBeGreaterThan(3);
});

test("P13 without it facts are not written; an unknown level is said and counts as warning", () => {
  expect(factLog({}, () => {})).toBeNull();
  expect(factLog({ MUSTER_LOG_LEVEL: "" }, () => {})).toBeNull();
  const lines = written("loud");
  expect(lines[0]).toBe("MUSTER_LOG_LEVEL loud is no level; known: error, warning, info, debug. It counts as warning");
  expect(lines).toHaveLength(3);
});
