import { expect, test } from "bun:test";
import { Progress, runSuite } from "./suite.ts";

function progressOf(text: string, isOk: boolean) {
  const printed: string[] = [];
  const progress = new Progress((line) => printed.push(line));
  for (const line of text.split("\n")) progress.take(line);
  progress.close(isOk);
  return { printed, tally: progress.tally };
}

test("passing files become one line each, and what they print is not shown", () => {
  const { printed, tally } = progressOf(
    "src/a.test.ts:\nnoise\n(pass) one [1ms]\n(pass) two\n\n 2 pass\n 0 fail",
    true,
  );
  expect(printed).toEqual(["  src/a.test.ts: 2"]);
  expect(tally).toEqual({ passed: 2, failed: 0, skipped: 0, reasons: [] });
});

test("a failure is shown with all that stands before it", () => {
  const { printed, tally } = progressOf("src/a.test.ts:\nerror: no\n  at x\n(fail) one\n 0 pass\n 1 fail", false);
  expect(printed).toEqual(["error: no", "  at x", "(fail) one", "  src/a.test.ts: 1"]);
  expect(tally.failed).toBe(1);
});

test("a run that breaks off without a summary counts as failed and shows its last words", () => {
  const { printed, tally } = progressOf("src/a.test.ts:\npanic: out of luck", false);
  expect(tally.failed).toBe(1);
  expect(printed).toContain("panic: out of luck");
});

test("skips and their reasons are counted and shown", () => {
  const text = "test/real is skipped: npm cannot install it\nx.test.ts:\n(skip) lives\n 0 pass\n 1 skip\n 0 fail";
  const { printed, tally } = progressOf(text, true);
  expect(tally).toEqual({ passed: 0, failed: 0, skipped: 1, reasons: ["test/real is skipped: npm cannot install it"] });
  expect(printed).toContain("  (skip) lives");
});

test("the recapitulation at the end is not counted again", () => {
  const text = "src/a.test.ts:\nerror: no\n(fail) one\n\n1 tests failed:\n(fail) one\n\n 3 pass\n 1 fail\n 1 error";
  const { printed, tally } = progressOf(text, false);
  expect(printed).toEqual(["error: no", "(fail) one", "  src/a.test.ts: 1"]);
  expect(tally).toMatchObject({ passed: 3, failed: 2 });
});

test("what is left of the time need not be whole milliseconds", async () => {
  const suite = { name: "none", paths: ["./setup/none.test.ts"], timeoutMs: 1000, limitMs: 20_000.5 };
  const { log } = console;
  console.log = () => {};
  try {
    expect(await runSuite(suite, { PATH: process.env.PATH ?? "" })).toMatchObject({ passed: 0, failed: 1 });
  } finally {
    console.log = log;
  }
});
