import { expect, test } from "bun:test";
import { isTest, sourcesIn } from "../../../test/sources.ts";
import { DEFAULT_SETTINGS, readSettings } from "./settings.ts";
import { rowsOf } from "./template.ts";

const CHATS = ["telegram", "slack", "discord", "wecom"] as const;
const nested = (path: string[], value: unknown): unknown => path.reduceRight((inner, key) => ({ [key]: inner }), value);
/** Something of the same kind that is no default. */
const other = (value: unknown): unknown =>
  typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : Array.isArray(value) ? ["x"] : "text";

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

test("P85 a key that nothing goes by is refused with what to do instead; its default may stand there", () => {
  const idle = CHATS.flatMap((file) => rowsOf(file).flatMap((row) => (row.leaf.instead ? [{ file, ...row }] : [])));
  for (const { file, path, leaf } of idle) {
    expect(readSettings(file, nested(path, leaf.fallback)).problems).toEqual([]);
    const { value, problems } = readSettings(file, nested(path, other(leaf.fallback)));
    const message = `has no effect in this version; leave it out, and ${leaf.instead}`;
    expect(problems).toEqual([{ path, level: "error", message }]);
    expect(value).toEqual(DEFAULT_SETTINGS[file]);
  }
  expect(idle.map(({ file, path }) => `${file} ${path.join(".")}`)).toEqual([
    ...[
      "discover_allowlist",
      "autoregister",
      "max_auto_subs",
      "peer_debounce_seconds",
      "peer_summary_min_interval_s",
    ].map((key) => `telegram ${key}`),
    ...["peer_message_max_chars", "peer_message_max_lines", "autowrap_from_user"].map((key) => `telegram ${key}`),
    ...["telegram run_clamav", "telegram base_url", "slack channels.to_user", "slack channels.to_peer_summary"],
    ...["discord channels.to_user", "discord channels.to_peer_summary", "wecom message_type"],
    ...["rate_limit.max_messages", "rate_limit.window_seconds"].map((key) => `wecom ${key}`),
    ...["timestamp", "evidence"].map((key) => `wecom formatting.include_${key}`),
    "wecom formatting.emoji_icons",
  ]);
});

test("P85 every other key of a chat is read somewhere", () => {
  const folders = ["engine/bridges/", "daemon/", "files/"];
  const sources = sourcesIn("src").filter(({ path }) => !isTest(path) && folders.some((one) => path.startsWith(one)));
  const code = sources.map(({ text }) => text).join("\n");
  const silent = CHATS.flatMap((file) => rowsOf(file).filter(({ leaf }) => !leaf.instead))
    .map(({ path }) => path.at(-1) ?? "")
    .filter((key) => !new RegExp(`\\b${key}\\b`).test(code));
  expect(silent).toEqual([]);
});
