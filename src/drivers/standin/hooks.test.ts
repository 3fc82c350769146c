import { expect, test } from "bun:test";
import { isMatch, refusalOf, runHook, settingsOf, specificOf } from "./hooks.ts";

const run = (command: string, timeout = 5, signal?: AbortSignal) =>
  runHook({ command, timeout }, { a: 1 }, "/tmp", signal);

test("settings are read in Claude Code's format", () => {
  const hook = { type: "command", command: "x", timeout: 5, async: true };
  const settings = settingsOf(
    JSON.stringify({
      hooks: {
        PreToolUse: [{ matcher: "Bash|Edit", hooks: [hook, { type: "http", url: "u" }] }],
        Stop: [{ hooks: [{ ...hook, async: undefined }] }],
      },
      statusLine: { type: "command", command: "s" },
    }),
  );
  const [pre] = settings.hooks.PreToolUse ?? [];
  expect(settings.hooks.PreToolUse).toHaveLength(1);
  expect(pre && [isMatch(pre, "Bash"), isMatch(pre, "BashOutput"), pre.isAsync, pre.timeout]).toEqual([
    true,
    false,
    true,
    5,
  ]);
  expect(settings.hooks.Stop?.[0]?.isAsync).toBe(false);
  expect(settings.statusLine).toBe("s");
});

test("a hook gets the JSON on stdin and its exit code and output come back", async () => {
  expect(await run("cat; echo oops >&2; exit 3")).toEqual({ code: 3, stdout: '{"a":1}\n', stderr: "oops\n" });
});

test("a hook over its time is ended with all its children, and counts as killed", async () => {
  const outcome = await run("sleep 60 & sleep 60", 0.05);
  expect(outcome.code).toBeNull();
  expect(refusalOf(outcome)).toBeNull();
});

test("an abort ends a waiting hook", async () => {
  const abort = new AbortController();
  const waiting = run("sleep 60", 60, abort.signal);
  abort.abort();
  expect((await waiting).code).toBeNull();
});

test("exit 2 and a block decision refuse; any other failure does not", async () => {
  expect(refusalOf(await run("echo why >&2; exit 2"))).toBe("why");
  expect(refusalOf(await run(`echo '{"decision":"block","reason":"r"}'`))).toBe("r");
  expect(refusalOf(await run("exit 1"))).toBeNull();
  expect(refusalOf(await run("echo '{not json'"))).toBeNull();
  expect(refusalOf(await run("kill -9 $$"))).toBeNull();
});

test("the event's own part of an answer is found", async () => {
  const outcome = await run(`echo '{"hookSpecificOutput":{"additionalContext":"x"}}'`);
  expect(specificOf(outcome)).toEqual({ additionalContext: "x" });
  expect(specificOf(await run("echo hello"))).toEqual({});
});
