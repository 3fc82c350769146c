import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { directivesIn } from "./directives.ts";
import { choose, filled, scenarioOf } from "./scenario.ts";

const YAML = `
rules:
  - when: 'plan (\\w+)'
    times: 1
    do:
      - say: planning $1
      - tell: { to: peer, text: "about {{prompt}}" }
  - when: plan
    seat: PeerB
    do: [{ say: only b }]
  - do: [{ think: 10 }]
`;

test("the first rule that fits, may still fire and is for this seat is chosen", () => {
  const rules = scenarioOf(YAML);
  expect(choose(rules, "please\nplan x1", "PeerA", new Map())).toMatchObject({ index: 0, groups: ["plan x1", "x1"] });
  expect(choose(rules, "plan x1", "PeerB", new Map([[0, 1]]))?.index).toBe(1);
  expect(choose(rules, "plan x1", "PeerA", new Map([[0, 1]]))?.index).toBe(2);
  expect(choose(rules.slice(0, 2), "other", "PeerA", new Map())).toBeNull();
});

test("JSON says the same as YAML, and a bare list is enough", () => {
  expect(scenarioOf('[{"when":"a","do":[{"say":"b"}]}]')[0]?.actions).toEqual([{ say: "b" }]);
});

test("variables are filled in all texts, unknown ones stay", () => {
  const folder = mkdtempSync(join(tmpdir(), "scenario-"));
  writeFileSync(join(folder, "f.txt"), "inside");
  const words = { names: { prompt: "P" }, groups: ["all", "one"], cwd: folder };
  const action = { write: { path: "$1.txt", text: "{{prompt}} {{file:f.txt}} $2 {{nothing}}{{file:none}}" }, n: 3 };
  expect(filled(action, words)).toEqual({ write: { path: "one.txt", text: "P inside $2 {{nothing}}" }, n: 3 });
  rmSync(folder, { recursive: true });
});

test("a mistake in a scenario names its place", () => {
  const wrong = (text: string) => () => scenarioOf(text);
  expect(wrong("rules: [{do: [{sing: la}]}]")).toThrow(/rules\[0\].do\[0\].*sing/);
  expect(wrong("rules: [{do: [{say: a, run: b}]}]")).toThrow(/exactly one/);
  expect(wrong("rules: [{when: '(', do: []}]")).toThrow(Refusal);
  expect(wrong("rules: [{wen: a, do: []}]")).toThrow(/unknown key wen/);
  expect(wrong("just text")).toThrow(Refusal);
});

test("directive lines become actions, and a prompt without any is echoed", () => {
  expect(
    directivesIn('From PeerB \nRUN: make  \nWRITE: a.txt x\\ny\nDELAY: 20 ms\nCRASH: KILL\nASK: Write {"a":1}\n'),
  ).toEqual([
    { run: "make" },
    { write: { path: "a.txt", text: "x\ny\n" } },
    { think: 20 },
    { crash: "KILL" },
    { ask: { tool: "Write", input: { a: 1 } } },
    { say: "DONE" },
  ]);
  expect(directivesIn("hello\nthere")).toEqual([{ say: "ECHO: hello there" }]);
  expect(directivesIn("CRASH: 3")[0]).toEqual({ crash: 3 });
});
