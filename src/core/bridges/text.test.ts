import { expect, test } from "bun:test";
import { DEFAULT_SETTINGS } from "../settings/settings.ts";
import { parted, redacted } from "./text.ts";

const { redact_patterns } = DEFAULT_SETTINGS.telegram;

test("P93 keys, secrets and passwords are taken out, each of them", () => {
  for (const text of ["api_key=abc", "API-KEY: abc", "apikey = abc", "secret: x", "token=x", "Password: x", "pwd=x"])
    expect([text, redacted(`is ${text} here`, redact_patterns)]).toEqual([text, "is [redacted] here"]);
  expect(redacted("a secret place has no password", redact_patterns)).toBe("a secret place has no password");
  expect(redacted("token=a token=b", redact_patterns)).toBe("[redacted] [redacted]");
});

test("P93 a pattern that matches nothing at all changes nothing", () => {
  expect(redacted("abc", ["x*"])).toBe("abc");
  expect(redacted("abc", [])).toBe("abc");
});

const parts = (text: string, maxChars: number, maxLines = 99) => parted(text, { maxChars, maxLines });

test("P89 a text is cut between lines, at the last place that fits", () => {
  expect(parts("aa\nbb\ncc", 5)).toEqual(["aa\nbb", "cc"]);
  expect(parts("aa\nbb\ncc", 4)).toEqual(["aa", "bb", "cc"]);
  expect(parts("aa\nbb\ncc", 8)).toEqual(["aa\nbb\ncc"]);
  expect(parts("a\nb\nc\nd\ne", 99, 2)).toEqual(["a\nb", "c\nd", "e"]);
});

test("P89 a line that is too long is cut, never through a character", () => {
  expect(parts("aaaaa", 2)).toEqual(["aa", "aa", "a"]);
  expect(parts("🙂🙂🙂", 5)).toEqual(["🙂🙂", "🙂"]);
  expect(parts("a🙂", 2)).toEqual(["a", "🙂"]);
});

test("P89 a part without any text is no part", () => {
  expect(parts("a\n\n\nb", 99, 1)).toEqual(["a", "b"]);
  expect(parts("a\n \t\nb", 99, 1)).toEqual(["a", "b"]);
  expect(parts("", 5)).toEqual([]);
  expect(parts("a\n\nb", 99)).toEqual(["a\n\nb"]);
});
