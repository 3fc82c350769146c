import { expect, test } from "bun:test";
import { actionWords, parseAction, type TriggerAction, withTexts } from "./actions.ts";

const parse = (action: string, payload: Record<string, unknown> = {}) => parseAction(action, payload, "/work");

function refusal(action: string, payload: Record<string, unknown> = {}): unknown[] {
  try {
    parse(action, payload);
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

test("A26 an action without payload is what its name says", () => {
  expect(parse("clear_context")).toEqual({ do: "clear_context" });
  expect(parse("start_orchestrator")).toEqual({ do: "start_orchestrator" });
});

test("A26 a prompt for the lead and a notice carry their text", () => {
  expect(parse("inject_prompt", { prompt: "look" })).toEqual({ do: "inject_prompt", prompt: "look" });
  expect(parse("notify", { message: "late" })).toEqual({ do: "notify", message: "late" });
});

test("A26 a task works in the given folder, with no priority and by the lead, unless the payload says otherwise", () => {
  expect(parse("queue_task", { prompt: "p" })).toEqual({
    ...{ do: "queue_task", prompt: "p", priority: 0, cwd: "/work", direct: false, agent: undefined },
  });
  expect(parse("queue_task", { prompt: "p", priority: -3, dir: "/else", direct: true, agent: "codex" })).toEqual({
    ...{ do: "queue_task", prompt: "p", priority: -3, cwd: "/else", direct: true, agent: "codex" },
  });
});

test("A26 an action that is none, or one that lacks its text, is refused with what is needed", () => {
  const known = "inject_prompt, clear_context, start_orchestrator, queue_task, notify";
  expect(refusal("explode")).toEqual(["usage", "explode is no action", known]);
  expect(refusal("inject_prompt")).toEqual(["usage", "inject_prompt needs prompt", `--payload '{"prompt":"..."}'`]);
  expect(refusal("queue_task", { prompt: " " })).toEqual([
    ...["usage", "queue_task needs prompt", `--payload '{"prompt":"..."}'`],
  ]);
  expect(refusal("notify", { message: 3 })).toEqual([
    ...["usage", "notify needs message", `--payload '{"message":"..."}'`],
  ]);
});

test("A26 a key that an action does not know is refused with those that it knows", () => {
  expect(refusal("queue_task", { prompt: "p", cwd: "/x" })).toEqual([
    ...["usage", "queue_task knows no cwd", "prompt, priority, dir, direct, agent"],
  ]);
  expect(refusal("clear_context", { why: "x" })).toEqual([
    "usage",
    "clear_context knows no why",
    "it takes no payload",
  ]);
});

test("A26 a part of a task that has the wrong form is refused by itself", () => {
  const wrong = (part: Record<string, unknown>) => refusal("queue_task", { prompt: "p", ...part });
  expect(wrong({ priority: 1.5 })).toEqual(["usage", "priority 1.5 is not a whole number", "such as 10"]);
  expect(wrong({ direct: "yes" })).toEqual(["usage", "direct is true or false", '{"direct":true}']);
  expect(wrong({ dir: "here" })).toEqual(["usage", "dir here is not absolute", "/a/folder"]);
  expect(wrong({ dir: 7 })).toEqual(["usage", "dir 7 is not absolute", "/a/folder"]);
  expect(wrong({ dir: "here/" })).toEqual(["usage", "dir here/ is not absolute", "/a/folder"]);
  expect(wrong({ agent: 7 })).toEqual(["usage", "agent is a driver's name", "claude"]);
});

const TASK: TriggerAction = { do: "queue_task", prompt: "fix", priority: 0, cwd: "/w", direct: false };

test("A70 texts of an action can be filled in; an action without text stays as it is", () => {
  const shout = (text: string) => text.toUpperCase();
  expect(withTexts({ do: "inject_prompt", prompt: "go" }, shout)).toEqual({ do: "inject_prompt", prompt: "GO" });
  expect(withTexts(TASK, shout)).toEqual({ ...TASK, prompt: "FIX" });
  expect(withTexts({ do: "notify", message: "hey" }, shout)).toEqual({ do: "notify", message: "HEY" });
  expect(withTexts({ do: "clear_context" }, shout)).toEqual({ do: "clear_context" });
});

test("A54 a person is told in words what an action would do", () => {
  const asked = { do: "answer_permission", agent: "a0000001", question: "q", tool: "Bash" } as const;
  expect(actionWords({ ...asked, input: '{"command":"ls"}' })).toBe("let a0000001 use Bash: ls");
  expect(actionWords({ do: "inject_prompt", prompt: "go" })).toBe("tell the lead: go");
  expect(actionWords(TASK)).toBe("queue a task: fix");
  expect(actionWords({ do: "notify", message: "hey" })).toBe("notify you: hey");
  expect(actionWords({ do: "clear_context" })).toBe("clear the context of the lead");
  expect(actionWords({ do: "start_orchestrator" })).toBe("start the lead");
});
