import { expect, test } from "bun:test";
import { DEFAULT_SETTINGS, readSettings } from "./settings.ts";

test("P85 no bridge starts by itself unless its file says so, and strangers are never let in by a key", () => {
  const { telegram, slack, discord, wecom } = DEFAULT_SETTINGS;
  expect([telegram, slack, discord, wecom].map(({ autostart }) => autostart)).toEqual([false, false, false, false]);
  for (const changes of [{ autoregister: "open" }, { max_auto_subs: 3 }]) {
    expect(readSettings("telegram", changes).problems.map(({ level }) => level)).toEqual(["error"]);
  }
});

test("P89 the limits of the platforms are the defaults", () => {
  const { telegram, slack, discord, wecom } = DEFAULT_SETTINGS;
  expect([telegram.max_msg_chars, slack.max_msg_chars, discord.max_msg_chars]).toEqual([4096, 4000, 2000]);
  expect([telegram.max_msg_lines, telegram.debounce_seconds, telegram.to_user_min_interval_s]).toEqual([32, 30, 5]);
  expect(wecom.rate_limit).toEqual({ max_messages: 18, window_seconds: 60 });
});

test("P93 a pattern that is no regular expression is an error of its key", () => {
  const { problems } = readSettings("slack", { redact_patterns: ["ok", "("] });
  expect(problems).toEqual([
    {
      path: ["redact_patterns"],
      level: "error",
      message: "expected a list of regular expressions, got a list",
    },
  ]);
});
