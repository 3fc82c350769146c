import { expect, test } from "bun:test";
import { join } from "node:path";
import { codeOf, isTest, ROOT, sourcesIn } from "./sources.ts";

/** What Debian and macOS both have (npm with Node), or what is started only after it was looked for; `xdg-open` and `open` are chosen by platform. */
const KNOWN = ["git", "tmux", "sh", "ps", "stty", "head", "npm"];
const STARTED = /\b(?:spawn|spawnSync)\(\s*\[?\s*"([a-z][\w-]*)"/g;

/** Calls whose words or meaning differ between GNU and BSD, or that only one of them has. */
const ONE_SIDED =
  /\bscript -|\bdate -[dvrj]\b|\bsed -i|\breadlink -f|\bstat -[cf]\b|\bgrep -P|\bbase64 -w|\bxargs -r|\bsetsid |\bflock |\btac |\bgdate\b/;

const sources = sourcesIn(join(ROOT, "src")).filter(({ path }) => !isTest(path));
const startedIn = (text: string): string[] => [...codeOf(text).matchAll(STARTED)].map(([, name = ""]) => name);
const oddIn = (text: string): string[] =>
  codeOf(text)
    .split("\n")
    .filter((line) => ONE_SIDED.test(line));

test("A-fault 1: src starts no program by name that Debian or macOS lacks, and uses no words that only one of them knows", () => {
  const started = new Set(sources.flatMap(({ text }) => startedIn(text)));
  expect([...started].filter((name) => !KNOWN.includes(name))).toEqual([]);
  expect(started.size).toBeGreaterThan(3);
  expect(sources.flatMap(({ path, text }) => oddIn(text).map((line) => `${path}: ${line}`))).toEqual([]);
});

test("A-fault 1: such a call would be found", () => {
  expect(startedIn('Bun.spawn(["script", "-q", log]); spawnSync("osascript")')).toEqual(["script", "osascript"]);
  const lines = ["exec script -q x", "t=$(date -d @1)", "date -v-1d", "sed -i '' x", "stat -f %z x", "readlink -f x"];
  for (const line of lines) expect([line, oddIn(line)]).toEqual([line, [line]]);
  expect(oddIn("// unlike sed -i it is portable")).toEqual([]);
});

test("A-fault 1: /proc is read only where it is there, or where another way follows", () => {
  const readers = sources.filter(({ text }) => codeOf(text).includes("/proc/")).map(({ path }) => path);
  for (const path of readers) {
    const text = codeOf(sources.find((one) => one.path === path)?.text ?? "");
    expect([path, /process\.platform|"ps"|"lsof"/.test(text)]).toEqual([path, true]);
  }
});
