import { afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
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

  test("a letter of an inbox is one as well", async () => {
    const first = await ask([
      user("From user ⟦m:a1⟧ You have a letter. Read the file /h/inbox/1.a1.txt and act. ⟦/m:a1⟧"),
    ]);
    expect(first.content[1]).toMatchObject({ name: "Read", input: { file_path: "/h/inbox/1.a1.txt" } });
  });

  test("each line is one call of a tool, in order; the tool may be any", async () => {
    const prompt = user('WRITE: /w/a.txt two words\nREAD: /w/a.txt\nCALL: Odd {"x":1}\nSAY: one\nSAY: two');
    const results = ["written", "read", "odd"].map(result);
    const inputs = [{ file_path: "/w/a.txt", content: "two words\n" }, { file_path: "/w/a.txt" }, { x: 1 }];
    for (const [step, name] of ["Write", "Read", "Odd"].entries()) {
      const { content } = await ask([prompt, ...results.slice(0, step)]);
      expect(content.filter(({ type }) => type === "tool_use")).toMatchObject([{ name, input: inputs[step] }]);
    }
    expect((await ask([prompt, ...results])).content).toEqual([{ type: "text", text: "one\ntwo" }]);
  });

  test("an answer comes as late as told", async () => {
    const began = performance.now();
    await ask([user("DELAY: 120\nSAY: late")]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(119);
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

  test("come piece by piece at the pace that was told, and end when the client leaves", async () => {
    const began = performance.now();
    const answer = await send([user("PACE: 30\nSAY: one two three")], { stream: true });
    const events = (await answer.text()).split("\n\n").filter(Boolean).length;
    expect(performance.now() - began).toBeGreaterThanOrEqual(30 * events - 1);
    const leave = new AbortController();
    const body = JSON.stringify({
      model: "m",
      tools: TOOLS,
      stream: true,
      messages: [user("PACE: 20\nSAY: a b c d e f")],
    });
    const cut = await fetch(`${model.url}/v1/messages`, { method: "POST", body, signal: leave.signal });
    await cut.body?.getReader().read();
    leave.abort();
    while (model.log.at(-1)?.end === "open") await Bun.sleep(1);
    expect(model.log.at(-1)?.end).toBe("aborted");
  });

  test("break in the middle on DROP", async () => {
    const cut = send([user("DROP:\nSAY: one two three")], { stream: true }).then((response) => response.text());
    await expect(cut).rejects.toThrow();
    expect(model.log[0]?.end).toBe("dropped");
  });
});

test("rules win over directives and are used up", async () => {
  model.load([{ name: "hello", when: { user: "^hello$", step: 0 }, times: 1, reply: { text: "by rule" } }]);
  expect((await ask([user("hello")])).content[0]?.text).toBe("by rule");
  expect((await ask([user("hello")])).content[0]?.text).toBe("ECHO: hello");
  expect(model.log.map((entry) => entry.by)).toEqual(["hello", "directives"]);
});

test("a rule may answer with tools, tokens or an error, and asks for the newest result", async () => {
  model.load([
    { when: { toolResult: "red" }, reply: { error: { status: 529, message: "overloaded", retryAfter: 3 } } },
    {
      when: { user: "colour", step: 0 },
      reply: { text: "One moment.", calls: [{ tool: "Bash", input: { command: "x" } }] },
    },
    { when: { user: "colour" }, reply: { text: "blue", usage: { input: 7, output: 2, cacheRead: 5 } } },
  ]);
  const first = await ask([user("which colour")]);
  expect(first.content).toMatchObject([{ text: "One moment." }, { name: "Bash", input: { command: "x" } }]);
  const second = await ask([user("which colour"), result("it is blue")]);
  expect(second).toMatchObject({ usage: { input_tokens: 7, output_tokens: 2, cache_read_input_tokens: 5 } });
  const refused = await send([user("which colour"), result("it is red")]);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([529, "3"]);
  expect(await refused.text()).toContain("overloaded");
});

test("as a program it prints its URL on loopback, takes rules and shows its log", async () => {
  const main = join(import.meta.dir, "main.ts");
  const child = Bun.spawn([process.execPath, "--no-install", main], { stdout: "pipe", stderr: "inherit" });
  try {
    const { value } = await child.stdout.getReader().read();
    const url = Buffer.from(value ?? [])
      .toString()
      .trim();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const rules = JSON.stringify([{ name: "r", when: {}, reply: { text: "by rule" } }]);
    expect((await fetch(`${url}/__rules`, { method: "POST", body: rules })).status).toBe(204);
    const body = JSON.stringify({ model: "m", messages: [user("x")] });
    await (await fetch(`${url}/v1/messages`, { method: "POST", body })).json();
    expect(await (await fetch(`${url}/__log`)).json()).toMatchObject([
      { by: "r", reply: { text: "by rule" }, end: "done" },
    ]);
    expect((await fetch(`${url}/v1/other`, { method: "POST" })).status).toBe(404);
  } finally {
    child.kill();
  }
});

test("a request without tools is never scripted by the prompt", async () => {
  expect((await ask([user("SCRIPT: ls")], { tools: [] })).content[0]?.text).toBe("scripted side reply");
});

test("a hung request ends when the client leaves", async () => {
  const leave = new AbortController();
  model.load([{ when: {}, reply: { hang: true } }]);
  const body = JSON.stringify({ model: "m", messages: [] });
  const pending = fetch(`${model.url}/v1/messages`, { method: "POST", body, signal: leave.signal });
  pending.catch(() => {});
  while (model.log[0]?.end !== "hung") await Bun.sleep(1);
  leave.abort();
  await expect(pending).rejects.toThrow();
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
