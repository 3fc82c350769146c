import { expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { marksIn } from "../../src/core/mark.ts";
import { until, World } from "./world.ts";

const SOURCE = join(import.meta.dir, "..", "..", "src");

/** Names of all fault points, read from the source: a new step without a crash test fails here. */
function namesInSource(): string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const names = new Set<string>();
  for (const name of files) {
    const path = join(SOURCE, name);
    if (!statSync(path).isFile()) continue;
    for (const [, point] of readFileSync(path, "utf8").matchAll(/faultPoint\(["`]([^"`]+)["`]\)/g))
      if (point) names.add(point);
  }
  return [...names].sort();
}

/** Every fault point that three messages to a stand-in pass, and how often each run lets it pass first. */
const POINTS = [
  ...["before terminal.open", "after terminal.open", "letter.stored", "before message.typing", "after message.typing"],
  ...[
    "before paste",
    "after paste",
    "before enter",
    "after enter",
    "before message.delivered",
    "after message.delivered",
  ],
];

test("the list of fault points is that of the source", () => {
  const generic = {
    "before ${step.fact.type}": "message.",
    "after ${step.fact.type}": "message.",
    "before ${step.do}": "",
    "after ${step.do}": "",
  };
  const unnamed = namesInSource().filter((name) => !POINTS.includes(name) && !(name in generic));
  expect(unnamed.filter((name) => !name.startsWith("patch.") && !name.startsWith("letter."))).toEqual([]);
});

for (const point of POINTS) {
  for (const pass of [1, 2]) {
    if (pass === 2 && point.includes("terminal")) continue;
    test(`F1 the daemon killed at "${point}" (pass ${pass}) loses and doubles nothing`, async () => {
      const world = new World();
      try {
        await world.boot({ MUSTER_FAULT: `${point}:${pass}` });
        const agent = await world.start("SAY: ready");
        const sent = ["one", "two"];
        for (const [index, text] of sent.entries()) {
          await world.send(agent, text, `muster-1-00000${index}`).catch(() => {});
        }
        await until(`the daemon dies at ${point}`, () => !world.isUp());
        await world.boot();
        for (const [index, text] of sent.entries()) await world.send(agent, text, `muster-1-00000${index}`);
        await until(
          "all is delivered",
          async () =>
            Object.values((await world.state()).messages).filter((message) => message.state === "delivered").length ===
            3,
        );
        const { transcript } = (await world.state()).agents[agent] ?? {};
        const prompts = readFileSync(transcript ?? "", "utf8")
          .split("\n")
          .filter((line) => line.includes('"type":"user"'));
        const marks = prompts.flatMap((line) => marksIn(String(JSON.parse(line).message.content)));
        expect(marks.length).toBe(3);
        expect(marks.slice(1)).toEqual(["muster-1-000000", "muster-1-000001"]);
      } finally {
        await world.end();
      }
    }, 40_000);
  }
}
