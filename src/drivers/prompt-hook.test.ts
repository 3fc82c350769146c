import { afterAll, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withMark } from "../core/mark.ts";
import type { Place } from "../core/ports.ts";
import { promptHook, promptHookCommand, REFUSED } from "./prompt-hook.ts";

const root = mkdtempSync(join(tmpdir(), "muster hook's "));
afterAll(() => rmSync(root, { recursive: true }));

const place = (): Place => ({
  folder: root,
  receipts: join(root, "receipts"),
  seen: join(root, "seen"),
  spool: join(root, "spool"),
  letters: root,
  home: root,
  socket: join(root, "socket"),
  muster: [],
});
const program = join(root, "prompt.sh");

beforeEach(() => {
  for (const folder of ["receipts", "seen", "spool"]) {
    rmSync(join(root, folder), { recursive: true, force: true });
    mkdirSync(join(root, folder));
  }
  writeFileSync(program, promptHook(place(), "a1b2c3d4"));
});

const ascii = (json: string): string =>
  json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

function submit(prompt: string, form: (json: string) => string = (json) => json) {
  const payload = JSON.stringify({ session_id: "s", cwd: "/w", hook_event_name: "UserPromptSubmit", prompt });
  const run = Bun.spawnSync(["sh", "-c", promptHookCommand(program)], { stdin: Buffer.from(`${form(payload)}\n`) });
  return { code: run.exitCode, out: run.stdout.toString(), err: run.stderr.toString() };
}

const receipts = (): string[] => readdirSync(join(root, "receipts")).sort();
const spooled = (): Record<string, unknown>[] =>
  readdirSync(join(root, "spool")).map((name) => JSON.parse(readFileSync(join(root, "spool", name), "utf8")));

const ONE = withMark("From PeerA", "muster-1-aaaaaa", 'say "hi" — … ünïcode 日本 \\ \n second m:line');
const TWO = withMark("From user", "muster-1-bbbbbb", "$(touch pwned) `x` 'q'");

for (const [form, write] of [
  ["raw UTF-8", (json: string) => json],
  ["escaped", ascii],
] as const) {
  test(`a marked prompt passes once and leaves its payload as the receipt (${form})`, () => {
    expect(submit(ONE, write)).toEqual({ code: 0, out: "", err: "" });
    expect(receipts()).toEqual(["muster-1-aaaaaa"]);
    expect(JSON.parse(readFileSync(join(root, "receipts/muster-1-aaaaaa"), "utf8")).prompt).toBe(ONE);
    expect(spooled()).toEqual([{ session_id: "s", cwd: "/w", hook_event_name: "UserPromptSubmit", prompt: ONE }]);
  });

  test(`a repeat and a fused double repeat are refused and spooled as refused (${form})`, () => {
    submit(ONE, write);
    for (const text of [ONE, ONE + ONE, `${ONE} `]) {
      const { code, err } = submit(text, write);
      expect(code).toBe(2);
      expect(err).toContain("muster-1-aaaaaa");
    }
    expect(spooled().filter((one) => one[REFUSED] === true)).toHaveLength(3);
  });

  test(`a mark confirmed in an earlier incarnation is refused without a receipt (${form})`, () => {
    writeFileSync(join(root, "seen/muster-1-aaaaaa"), "");
    expect(submit(ONE, write).code).toBe(2);
    expect(receipts()).toEqual([]);
  });

  test(`a person's text around a repeat passes with a note about the repeat (${form})`, () => {
    submit(ONE, write);
    const mixed = [
      `also this ${ONE}`,
      `${ONE} and this`,
      `${ONE}"`,
      `From here on: ${ONE}`,
      `${ONE}\n${ONE}`,
      `${ONE} — x`,
    ];
    for (const text of mixed) {
      const { code, out } = submit(text, write);
      expect(code).toBe(0);
      expect(JSON.parse(out).hookSpecificOutput.additionalContext).toContain("muster-1-aaaaaa");
    }
  });

  test(`a known mark together with a new one passes (${form})`, () => {
    submit(ONE, write);
    expect(submit(ONE + TWO, write).code).toBe(0);
    expect(receipts()).toEqual(["muster-1-aaaaaa", "muster-1-bbbbbb"]);
  });

  test(`text that only talks about marks leaves no receipt (${form})`, () => {
    for (const text of ["\\u27e6m:x1\\u27e7 quoted", "⟦m:../../x⟧ y", "⟦m:⟧", "…m:abc", `⟦m:${"x".repeat(65)}⟧`]) {
      expect(submit(text, write)).toEqual({ code: 0, out: "", err: "" });
    }
    expect(receipts()).toEqual([]);
  });
}

test("F22 failures of ours let the prompt through", () => {
  rmSync(join(root, "receipts"), { recursive: true });
  rmSync(join(root, "spool"), { recursive: true });
  expect(submit(ONE).code).toBe(0);
  expect(submit(ONE).code).toBe(0);
  rmSync(program);
  expect(submit(ONE).code).toBe(0);
  writeFileSync(program, `${promptHook(place(), "a1b2c3d4").replace("set -fC", "shift 99")}`);
  expect(submit(ONE).code).toBe(0);
  expect(existsSync(join(root, "pwned"))).toBe(false);
});

test("F22 the hook of a usual prompt is over within 50 ms", () => {
  const times = Array.from({ length: 10 }, (_, at) => {
    const started = performance.now();
    expect(submit(withMark("From user", `muster-1-00000${at}`, "words ".repeat(300))).code).toBe(0);
    return performance.now() - started;
  });
  // What else the machine does is nobody's hook: the quickest one counts.
  expect(Math.min(...times)).toBeLessThan(50);
});

test("a prompt of eight times the length, full of brackets, takes about eight times as long, not sixty-four", () => {
  const quickest = (count: number): number => {
    const text = `${"⟦x⟧ — \\ ".repeat(count)}${ONE}`;
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      expect(submit(text).code).toBe(0);
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  // 200 KB against 25 KB.
  expect(quickest(15_000) / quickest(1875)).toBeLessThan(32);
});
