import { expect, test } from "bun:test";
import { MASK, masked } from "./secrets.ts";

/** Made up here: no such secret exists. */
const LONG = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8";

test.each([
  ["a model key", `key: sk-ant-api03-${LONG}`, `key: ${MASK}`],
  ["a token of a forge", `ghp_${LONG} and github_pat_${LONG}`, `${MASK} and ${MASK}`],
  ["a chat's token", `xoxb-${LONG}`, MASK],
  ["a signed token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.${LONG}`, MASK],
  ["a cloud's key", "AKIAABCDEFGHIJKLMNOP", MASK],
  ["a header", "Authorization: Bearer abcdefgh12345678", `Authorization: Bearer ${MASK}`],
  ["a password in an address", "https://me:hunter2@example.org/x", `https://me:${MASK}@example.org/x`],
  ["a named value in JSON", '{"apiKey": "plain", "n": 1}', `{"apiKey": "${MASK}", "n": 1}`],
  ["a value with quotes in it", String.raw`"client_secret":"a\"b"`, `"client_secret":"${MASK}"`],
  ["an assignment", "export DB_PASSWORD=correct-horse", `export DB_PASSWORD=${MASK}`],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nafter", `${MASK}\nafter`],
  ["a private key that is cut off", "-----BEGIN PRIVATE KEY-----\nMII", MASK],
])("A100 hides %s", (_, text, shown) => {
  expect(masked(text)).toBe(shown);
});

test.each([
  "the token of a letter is its number",
  "max_tokens = 50",
  '{"tokens": 12, "model": "opus"}',
  "see https://example.org:8080/path@2 for more",
  "skip-this-one sk-8 ghp_short",
])("A100 leaves %p as it is", (text) => {
  expect(masked(text)).toBe(text);
});
