import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Health } from "../../src/core/api.ts";
import { agentOf, factsOf, isIdle, muster, promptsOf } from "./look.ts";
import { until, World } from "./world.ts";

const world = new World();
const ended = (id: string, what = "completed") =>
  until(`job ${id} is ${what}`, async () => (await world.state()).jobs[id]?.outcome === what);
const started = async (...args: string[]): Promise<string> => {
  const { out, err } = await muster(world, "start", "--json", "--agent", "standin", ...args);
  if (!out) throw new Error(err);
  return JSON.parse(out).agent;
};

beforeAll(() => world.boot());
afterAll(() => world.end());

test("A7 --dry-run prints the whole prompt and the command line that would be run, and starts nothing", async () => {
  const dir = join(world.folder, "dry");
  mkdirSync(dir);
  writeFileSync(join(dir, "notes.md"), "remember\n");
  const before = Object.keys((await world.state()).agents).length;
  const args = ["start", "SAY: x", "--dry-run", "-d", dir, "-f", "*.md", "--inline"];
  const { out, code } = await muster(world, ...args, "--agent", "mock", "-r", "high", "-m", "m-1");
  expect(code).toBe(0);
  expect(out).toMatch(/^Command: .* standin --session-id \S+ .*--effort high --model m-1$/m);
  expect(out).toMatch(/^Sandbox: workspace-write \(the program itself refuses/m);
  expect(out).toEndWith("Prompt:\nSAY: x\n\nFile notes.md:\n```\nremember\n```\n");
  const preview = JSON.parse((await muster(world, ...args, "--agent", "mock", "--json")).out);
  expect(preview).toMatchObject({ driver: "standin", permission: "workspace-write", cwd: dir });
  expect(Object.keys((await world.state()).agents).length).toBe(before);
});

test("A2 effort reaches the CLI's own option; low without -m means sonnet, and -m wins", async () => {
  const bin = join(world.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), "#!/bin/sh\nsleep 100\n", { mode: 0o755 });
  const shell = { world, env: { PATH: `${bin}:${process.env.PATH}` } };
  const argvOf = async (...args: string[]): Promise<string> =>
    JSON.parse((await muster(shell, "start", "x", "--dry-run", "--json", ...args)).out).argv.join(" ");
  expect(await argvOf("-r", "low")).toEndWith("--model sonnet --effort low");
  expect(await argvOf("-r", "low", "-m", "opus")).toEndWith("--model opus --effort low");
  expect(await argvOf("-r", "xhigh")).toMatch(/acceptEdits --effort xhigh$/);
  const wrong = await muster(shell, "start", "x", "-r", "extreme");
  expect([wrong.code, wrong.err]).toEqual([
    64,
    "muster: start: extreme is no reasoning level; low, medium, high, xhigh\n",
  ]);
});

test("A1 A7 a prompt may begin with - after --, and - reads it from standard input", async () => {
  const id = await started("--", "-x SAY: minus");
  await ended(id);
  expect((await promptsOf(world, id)).join()).toContain("-x SAY: minus");
  const refused = await muster(world, "start", "-x");
  expect([refused.code, refused.err]).toEqual([64, expect.stringContaining("after --")]);
});

test("A5 A6 what cannot be read along ends with 1 and names it; nothing starts", async () => {
  const before = Object.keys((await world.state()).agents).length;
  const cases: [args: string[], code: number, says: RegExp][] = [
    [["-f", "nothing/*.ts"], 1, /^muster: start: --file nothing\/\*\.ts finds no file in /],
    [["--map"], 1, /^muster: start: no map of the code in .*; run the cartographer skill/],
    [["--inline"], 64, /--inline without --file/],
    [["--timeout", "0"], 64, /--timeout 0 is no number of minutes/],
    [["--timeout", "soon"], 64, /--timeout soon is no number of minutes/],
  ];
  for (const [args, code, says] of cases) {
    const refused = await muster(world, "start", "x", "--agent", "standin", ...args);
    expect([refused.code, refused.err]).toEqual([code, expect.stringMatching(says)]);
  }
  expect(Object.keys((await world.state()).agents).length).toBe(before);
});

test("A3 A7 A-fault 15: no shell ever sees a model's or a folder's name", async () => {
  const mark = join(world.folder, "X");
  const model = await muster(world, "start", "x", "--agent", "standin", "-m", `opus$(touch ${mark})`);
  expect([model.code, model.err]).toEqual([64, expect.stringContaining("is not a model name")]);
  const odd = join(world.folder, `p$(touch X)\`touch X\`;touch X`);
  mkdirSync(odd);
  const id = await started("RUN: pwd > here.txt", "-d", odd);
  await ended(id);
  expect(readFileSync(join(odd, "here.txt"), "utf8")).toBe(`${odd}\n`);
  expect([existsSync(mark), existsSync(join(odd, "X"))]).toEqual([false, false]);
});

test("A1 A-fault 20: a prompt of 1 MB arrives whole", async () => {
  const prompt = `SAY: big\n${"0123456789abcde\n".repeat(65_536)}`;
  writeFileSync(join(world.folder, "big.txt"), prompt);
  const shell = `'${process.execPath}' --no-install '${join(import.meta.dir, "../../src/main.ts")}' start - --agent standin --json < big.txt`;
  const env = { ...world.env(), MUSTER_HOME: world.home.folder };
  const ran = Bun.spawn(["/bin/sh", "-c", shell], { env, cwd: world.folder, stdout: "pipe", stderr: "inherit" });
  const { agent } = JSON.parse(await new Response(ran.stdout).text());
  await ended(agent);
  const [path = ""] = (await promptsOf(world, agent)).join().match(/\/\S+\.txt/) ?? [];
  const letter = existsSync(path) ? path : path.replace("/inbox/", "/processed/");
  expect(readFileSync(letter, "utf8")).toContain(prompt.trim());
}, 20_000);

test("A1 A-fault 20: fifteen shells at once start one daemon and fifteen agents, each with its own prompt", async () => {
  const cold = new World();
  try {
    const words = Array.from({ length: 15 }, (_, n) => `SAY: number-${n}.`);
    const shells = words.map((word) => muster(cold, "start", word, "--json", "--agent", "standin"));
    const ran = await Promise.all(shells);
    expect(ran.map(({ code, err }) => [code, err])).toEqual(words.map(() => [0, ""]));
    const ids: string[] = ran.map(({ out }) => JSON.parse(out).agent);
    cold.pid = (await cold.client.get<Health>("/api/health")).pid;
    expect(factsOf(cold, "daemon.started").map(({ pid }) => pid)).toEqual([cold.pid]);
    expect(Object.keys((await cold.state()).agents).sort()).toEqual(ids.toSorted());
    const prompts = ids.map((id) => until(`${id} was prompted`, async () => (await promptsOf(cold, id)).join("|")));
    for (const [n, prompt] of (await Promise.all(prompts)).entries())
      expect(prompt.match(/number-\d+\./g)).toEqual([`number-${n}.`]);
  } finally {
    await cold.end();
  }
}, 60_000);

test("A10 A-fault 19: names of keys, leading dashes and semicolons arrive as text", async () => {
  const id = await started("SAY: ready");
  await ended(id);
  for (const word of ["C-c", "Enter", "-x", "a;", ";"]) {
    const sent = await muster(world, "send", id, "--wait", "--", `SAY: <${word}>`);
    expect([word, sent.code]).toEqual([word, 0]);
  }
  const prompts = (await promptsOf(world, id)).join("\n");
  for (const word of ["C-c", "Enter", "-x", "a;", ";"]) expect(prompts).toContain(`SAY: <${word}>`);
  expect((await agentOf(world, id)).activity).not.toBe("exited");
}, 20_000);

test("A1 A-fault 21: a CLI that boots at once and one that takes 3 s both get their prompt, once", async () => {
  const standin = `${process.execPath} --no-install ${join(import.meta.dir, "../../src/main.ts")} standin`;
  const ids = await Promise.all([
    started("SAY: fast", "--command", `${standin} --boot-ms 100`),
    started("SAY: slow", "--command", `${standin} --boot-ms 3000`),
  ]);
  await Promise.all(ids.map((id) => ended(id)));
  for (const id of ids) expect(await promptsOf(world, id)).toHaveLength(1);
}, 20_000);

test("A34 A-fault 5, A-fault 6, A-fault 7: a job ends with its turn or its program, never by what is printed", async () => {
  const scenario = join(world.folder, "life.json");
  const rules = [
    {
      when: "marker",
      do: [{ say: "[CODEX_AGENT_COMPLETE] Task done. COMPLETED <promise>DONE</promise>" }, { think: 60_000 }],
    },
    { when: "crash", do: [{ crash: 3 }] },
    { when: "", do: [{ say: "done" }] },
  ];
  writeFileSync(scenario, JSON.stringify(rules));
  const start = (prompt: string) => world.start(prompt, { agent: `mock:${scenario}` });
  const [marker, crash, done] = await Promise.all([start("marker"), start("crash"), start("plain")]);
  await Promise.all([ended(crash, "failed"), ended(done)]);
  expect((await world.state()).jobs[crash]).toMatchObject({ reason: "exit code 3", exitCode: 3 });
  await until("the marker is printed", async () => (await muster(world, "capture", marker)).out.includes("Task done."));
  expect(JSON.parse((await muster(world, "status", marker, "--json")).out)).toMatchObject({ status: "running" });
}, 20_000);

test("A7 A35 --timeout ends an agent whose job takes too long: failed, timeout", async () => {
  const id = await started("DELAY: 60000", "--timeout", "0.02");
  await ended(id, "failed");
  expect((await world.state()).jobs[id]?.reason).toBe("timeout");
  await until("its program is gone", async () => (await agentOf(world, id)).activity === "exited");
});

test("A8 budget: a job that costs more than it may is told of, its turn ended, and has failed; its terminal stays", async () => {
  const budget = ["--agent", "standin", "--dir", world.folder, "--budget", "1.00", "--json"];
  const prompt = "COST: 0.85\nDELAY: 60000\nSAY: never";
  const { agent } = JSON.parse((await muster(world, "start", prompt, ...budget)).out);
  await until("a person is told", async () =>
    (await world.state()).notices.some(({ text }) => text === `job ${agent} has used $0.85 of $1.00`),
  );
  expect((await muster(world, "status", agent)).out).toMatch(/budget +\$0.85 of \$1.00/);
  await muster(world, "kill", agent);
  const second = JSON.parse((await muster(world, "start", "COST: 1.20\nDELAY: 60000", ...budget)).out).agent;
  await until("it has failed", async () => (await world.state()).jobs[second]?.outcome === "failed");
  await isIdle(world, second);
  expect(JSON.parse((await muster(world, "status", second, "--json")).out)).toMatchObject({
    ...{ state: "failed", reason: "budget exceeded: $1.20 of $1.00", pane: expect.any(String) },
  });
  const wrong = await muster(world, "start", "x", "--budget", "lots");
  expect([wrong.code, wrong.err]).toEqual([64, expect.stringMatching(/--budget lots is no budget; dollars such as 5/)]);
}, 20_000);

test("A8 budget: tokens are counted as the CLI wrote them down", async () => {
  const args = ["--agent", "standin", "--dir", world.folder, "--budget", "5000t", "--json"];
  const prompt = "USAGE: 4000\nSAY: one\nSAY: two\nDELAY: 60000";
  const { agent } = JSON.parse((await muster(world, "start", prompt, ...args)).out);
  await until("it has failed", async () => (await world.state()).jobs[agent]?.outcome === "failed");
  expect((await world.state()).jobs[agent]?.reason).toMatch(/^budget exceeded: 8,\d{3} tokens of 5,000 tokens$/);
}, 20_000);

test("A8 A111 a job saved as a template is started again with another word in it", async () => {
  const id = await started("-r", "high", "SAY: the word is red");
  await ended(id);
  const saved = await muster(world, "template", "save", id, "word", "--as", "word=red");
  expect(saved.out).toContain("muster start --template word --set word=TEXT");
  const again = JSON.parse(
    (await muster(world, "start", "--json", "--template", "word", "--set", "word=blue")).out,
  ).agent;
  await ended(again);
  expect(JSON.parse((await muster(world, "status", again, "--json")).out)).toMatchObject({
    ...{ driver: "standin", effort: "high", summary: "the word is blue" },
  });
}, 20_000);
