import { afterEach, describe, expect, test } from "bun:test";
import { directivesOf } from "./script.ts";
import { startModelServer } from "./server.ts";

const model = startModelServer();
afterEach(() => {
  model.load([]);
  model.log.length = 0;
});

const TOOLS = [{ name: "Bash" }, { name: "Read" }];
interface Message {
  role: string;
  content: unknown;
}
const send = (messages: Message[], more: Record<string, unknown> = {}) =>
  fetch(`${model.url}/v1/messages?beta=true`, {
    method: "POST",
    body: JSON.stringify({ model: "m", tools: TOOLS, messages, ...more }),
  });
const user = (content: unknown): Message => ({ role: "user", content });
const result = (content: string): Message => user([{ type: "tool_result", tool_use_id: "t", content }]);
interface Answer {
  content: { type: string; text?: string; name?: string; input?: unknown }[];
  stop_reason: string;
  usage: { input_tokens: number };
}
const ask = async (messages: Message[], more?: Record<string, unknown>) =>
  (await (await send(messages, more)).json()) as Answer;

describe("directives", () => {
  test("a command is run, then the model says DONE", async () => {
    const first = await ask([user("<system-reminder>SAY: no</system-reminder>\nSCRIPT: echo hi > file")]);
    expect(first.content[1]).toMatchObject({ name: "Bash", input: { command: "echo hi > file" } });
    expect(first.stop_reason).toBe("tool_use");
    const second = await ask([user("SCRIPT: echo hi > file"), result("ok")]);
    expect(second.content).toEqual([{ type: "text", text: "DONE" }]);
  });

  test("stand inside a letter of one line, between its marks", () => {
    expect(directivesOf("From lead ⟦m:a1⟧ SAY: hello there ⟦/m:a1⟧").say).toBe("hello there");
  });

  test("a letter that is only named is read first, then followed", async () => {
    const prompt = user("From lead ⟦m:a1⟧ Read /h/inbox/0001.md and do it. ⟦/m:a1⟧");
    const first = await ask([prompt]);
    expect(first.content[1]).toMatchObject({ name: "Read", input: { file_path: "/h/inbox/0001.md" } });
    const second = await ask([prompt, result("     1→hello\n     2→SCRIPT: make")]);
    expect(second.content[1]).toMatchObject({ name: "Bash", input: { command: "make" } });
  });

  test("an error comes so often as asked, with retry-after", async () => {
    const prompt = [user("ERROR: 429 1 7\nSAY: fine")];
    const refused = await send(prompt);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("7");
    expect((await ask(prompt)).content[0]?.text).toBe("fine");
  });

  test("tokens are reported as told, also by count_tokens as an estimate", async () => {
    expect((await ask([user("USAGE: 1234")])).usage.input_tokens).toBe(1234);
    const counted = await fetch(`${model.url}/v1/messages/count_tokens`, { method: "POST", body: "x".repeat(40) });
    expect(await counted.json()).toEqual({ input_tokens: 10 });
  });
});

describe("streams", () => {
  test("carry the same answer in pieces", async () => {
    const text = await (await send([user("SAY: one two")], { stream: true })).text();
    const deltas = [...text.matchAll(/"text":"([^"]+)"/g)].map((match) => match[1]);
    expect(deltas).toEqual(["one ", "two"]);
    expect(text).toEndWith('data: {"type":"message_stop"}\n\n');
  });

  test("break in the middle on DROP", async () => {
    const cut = send([user("DROP:\nSAY: one two three")], { stream: true }).then((response) => response.text());
    expect(cut).rejects.toThrow();
    await cut.catch(() => undefined);
    expect(model.log[0]?.end).toBe("dropped");
  });
});

test("rules win over directives and are used up", async () => {
  model.load([{ name: "hello", when: { user: "^hello$", step: 0 }, times: 1, reply: { text: "by rule" } }]);
  expect((await ask([user("hello")])).content[0]?.text).toBe("by rule");
  expect((await ask([user("hello")])).content[0]?.text).toBe("ECHO: hello");
  expect(model.log.map((entry) => entry.by)).toEqual(["hello", "directives"]);
});

test("a request without tools is never scripted by the prompt", async () => {
  expect((await ask([user("SCRIPT: ls")], { tools: [] })).content[0]?.text).toBe("scripted side reply");
});

test("a hung request ends when the client leaves", async () => {
  const leave = new AbortController();
  model.load([{ when: {}, reply: { hang: true } }]);
  const body = JSON.stringify({ model: "m", messages: [] });
  const pending = fetch(`${model.url}/v1/messages`, { method: "POST", body, signal: leave.signal });
  while (model.log[0]?.end !== "hung") await Bun.sleep(1);
  leave.abort();
  expect(pending).rejects.toThrow();
  await pending.catch(() => undefined);
});

test("words sent in the middle of a turn count as said, not as a new prompt", async () => {
  const note = "The user sent a new message while you were working:\nmore ⟦m:b⟧\n\nThis is how";
  const mixed = user([
    { type: "tool_result", tool_use_id: "t", content: "ok" },
    { type: "text", text: note },
  ]);
  await ask([user("SCRIPT: ls"), mixed]);
  expect(model.log[0]?.turn).toMatchObject({ user: "SCRIPT: ls", said: ["SCRIPT: ls", note] });
});
