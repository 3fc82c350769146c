import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { statusLine } from "./status-line.ts";

const UNICODE = { LANG: "C.UTF-8" };
const PLAIN = { ...UNICODE, NO_COLOR: "1" };
const told = {
  model: { id: "claude-opus-5-5", display_name: "Opus 5.5" },
  context_window: { total_input_tokens: 68_000, context_window_size: 200_000, used_percentage: 34 },
  cost: { total_cost_usd: 0.4213 },
};
const line = (fields: unknown, env: Record<string, string> = PLAIN) => statusLine(JSON.stringify(fields), env);

test("A109 one line: model, bar and per cent of the context, cost", () => {
  expect(line(told)).toBe("muster · Opus 5.5 · ███░░░░░░░ 34% · $0.42");
});

test("A109 inside an agent its id stands in front", () => {
  expect(line(told, { ...PLAIN, MUSTER_AGENT: "0a1b2c3d" })).toStartWith("muster 0a1b2c3d · ");
  expect(line(told, { ...PLAIN, MUSTER_AGENT: "\x1b[31m" })).toStartWith("muster · ");
});

test("A109 the bar is green, yellow from 60 and red from 85 per cent", () => {
  const colour = (used_percentage: number) => {
    const [, code] = /\[(3[123])m[█░]/.exec(line({ ...told, context_window: { used_percentage } }, UNICODE)) ?? [];
    return code;
  };
  expect([0, 59, 60, 84, 85, 100, 250].map(colour)).toEqual(["32", "32", "33", "33", "31", "31", "31"]);
});

test("A109 without a per cent it is computed from the tokens; what is not told is said in words, not as 0 (A104)", () => {
  const context_window = { total_input_tokens: 50_000, context_window_size: 200_000 };
  expect(line({ ...told, context_window })).toContain(" 25% ");
  expect(line({})).toBe("muster · model unknown · context unknown · cost unknown");
  expect(line({ context_window: { total_input_tokens: 1, context_window_size: 0 } })).toContain("context unknown");
});

test("A109 bad input of any kind gives a short line", () => {
  for (const bad of ["", "{", "null", "[]", "7", '"x"', "\0\xff"])
    expect(statusLine(bad, PLAIN)).toBe("muster · nothing known of this session");
  const odd = { model: 7, context_window: "x", cost: [null], extra: { a: 1 } };
  expect(line(odd)).toBe("muster · model unknown · context unknown · cost unknown");
  expect(line({ context_window: { used_percentage: -1 }, cost: { total_cost_usd: "1" } })).toContain("context unknown");
});

test("A109 a name that would colour or break the line is shown harmless and cut", () => {
  const shown = line({ ...told, model: { display_name: `\x1b[31mred\n${"x".repeat(100)}` } });
  expect(shown).not.toContain("\x1b");
  expect(shown).not.toContain("\n");
  expect(shown.length).toBeLessThan(90);
});

test("A109 where the terminal has no such letters the bar is of ASCII", () => {
  expect(line(told, { NO_COLOR: "1", LANG: "C" })).toBe("muster - Opus 5.5 - ###------- 34% - $0.42");
});

test("A109 the command ends with 0 whatever it is given, also when nothing comes", async () => {
  const program = fileURLToPath(new URL("../../../bin/muster", import.meta.url));
  const HOME = mkdtempSync(join(tmpdir(), "muster-line-"));
  const run = (stdin: Blob | "pipe") =>
    Bun.spawn([program, "statusline"], { stdin, env: { ...PLAIN, PATH: process.env.PATH ?? "", HOME } });
  const [good, bad, silent] = [run(new Blob([JSON.stringify(told)])), run(new Blob(["{"])), run("pipe")];
  const said = await Promise.all([good, bad, silent].map(({ stdout }) => new Response(stdout).text()));
  expect(said.map((text) => text.trim())).toEqual([
    line(told),
    "muster · nothing known of this session",
    "muster · nothing known of this session",
  ]);
  expect(await Promise.all([good, bad, silent].map(({ exited }) => exited))).toEqual([0, 0, 0]);
  rmSync(HOME, { recursive: true });
});
