import { expect, test } from "bun:test";
import { transcript } from "./claude-transcript.ts";

const HUMAN = { kind: "human" };
const line = (value: unknown): string => JSON.stringify(value);
const TEXT = "From lead ⟦m:m-1⟧ hello ⟦/m:m-1⟧";
const PROMPT = { type: "user", message: { role: "user", content: TEXT }, origin: HUMAN, promptSource: "typed" };
const QUEUED = { type: "attachment", attachment: { type: "queued_command", prompt: TEXT, origin: HUMAN } };

test("a prompt of a turn reached the model, also as escaped JSON and in blocks", () => {
  expect(transcript(line(PROMPT))).toEqual({ text: TEXT });
  expect(transcript(line(PROMPT).replaceAll("⟦", "\\u27e6"))).toEqual({ text: TEXT });
  const content = [{ type: "image" }, { type: "text", text: TEXT }];
  expect(transcript(line({ ...PROMPT, message: { content } }))?.text).toContain(TEXT);
});

test("a queued prompt which was given to the model in the middle of a turn reached it", () => {
  expect(transcript(line(QUEUED))).toEqual({ text: TEXT });
});

const others: [string, string][] = [
  ["a prompt that is only queued", line({ type: "queue-operation", operation: "enqueue", content: TEXT, by: "human" })],
  ["a refusal", line({ type: "system", subtype: "informational", content: `blocked: ${TEXT}`, origin: HUMAN })],
  ["a tool result", line({ type: "user", message: { content: [{ type: "tool_result", content: TEXT }] } })],
  ["a prompt of a subagent", line({ ...PROMPT, isSidechain: true })],
  ["a note of the CLI", line({ ...PROMPT, isMeta: true })],
  ["a message of another session", line({ ...PROMPT, origin: { kind: "peer" }, said: "human" })],
  ["an answer that quotes", line({ type: "assistant", message: { content: line(PROMPT) } })],
  ["half a line", line(PROMPT).slice(0, -5)],
  ["no line", ""],
];
for (const [title, text] of others)
  test(`${title} proves nothing`, () => {
    expect(transcript(text)).toBeNull();
  });
