import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli/commands.ts";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();

async function muster(args: string[], more: { cwd?: string; input?: string; env?: Record<string, string> } = {}) {
  const ran = Bun.spawn([process.execPath, "--no-install", MAIN, ...args], {
    env: { ...world.env(), MUSTER_HOME: world.home.folder, ...more.env },
    cwd: more.cwd ?? world.folder,
    stdin: new Blob([more.input ?? ""]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
    ran.exited,
  ]);
  return { out: out.trim(), err: err.trim(), code };
}

beforeAll(() => world.boot());
afterAll(() => world.end());

describe("every command", () => {
  for (const name of Object.keys(COMMANDS)) {
    test(`muster ${name} --help shows its use, its flags and an example`, async () => {
      const { out, code } = await muster([name, "--help"]);
      expect(code).toBe(0);
      expect(out).toStartWith(`muster ${name}`);
      for (const line of out.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(100);
      expect(out).toMatch(/Examples:\n {2}(muster|npm) /);
    });
  }
});

describe("what cannot be granted is said in one line with the next step", () => {
  const cases: [what: string, args: string[], code: number, says: RegExp][] = [
    ["an unknown command", ["jbos"], 64, /^muster: jbos: no command jbos; did you mean muster jobs\?$/],
    ["an unknown flag", ["jobs", "--jsn"], 64, /knows no --jsn; did you mean --json\?/],
    ["a flag without its value", ["jobs", "--limit"], 64, /^muster: jobs: --limit needs a value; --limit N$/],
    ["a number below nothing", ["jobs", "--limit", "-5"], 64, /-5 looks like a flag; if it is meant: --limit=-5$/],
    ["a count that is none", ["jobs", "--limit=-5"], 64, /--limit -5 is not a count; a whole number from 0/],
    ["a value for a switch", ["jobs", "--all=1"], 64, /--all takes no value/],
    [
      "a text without quotes",
      ["start", "fix", "it"],
      64,
      /takes 0 to 1 word, not 2; a text of several words goes in quotes/,
    ],
    ["a word that nobody takes", ["version", "x"], 64, /version takes no words, not 1/],
    ["a name that would colour the line", ["\x1b[31mred"], 64, /no command .\[31mred/],
    ["a ledger of nobody", ["ledger", "--about", "nobody"], 66, /nothing in the ledger is called nobody/],
    ["a ledger of no team", ["ledger", "--team", "nobody"], 66, /no team nobody; teams: none/],
    ["a why of nothing", ["why", "nothing"], 66, /nothing is called nothing; an agent, job, message, patch or team/],
    ["a key for no screen", ["answer", "x", "2"], 64, /a key needs the screen it is for; muster answer x shows it/],
    [
      "an answer that is none",
      ["answer", "x", "maybe"],
      64,
      /maybe is neither allow nor deny nor a key; muster answer x shows/,
    ],
    ["a message without a text", ["send", "x", " "], 64, /the message is empty; muster send x "what to say"/],
    ["too few words", ["send", "x"], 64, /send takes 2 words/],
    ["an unknown agent", ["status", "ffffffff"], 66, /no agent or job ffffffff; muster jobs lists them$/],
    ["an empty prompt", ["start", " "], 64, /the prompt is empty/],
    ["an unknown driver", ["start", "x", "--agent", "cladue"], 64, /did you mean claude\?/],
    ["a level that does not exist", ["start", "x", "--sandbox", "none"], 64, /none is no permission level; read-only/],
    [
      "a model name with shell in it",
      ["start", "x", "--agent", "standin", "--model", "a$(b)"],
      64,
      /is not a model name/,
    ],
    [
      "a folder that is not there",
      ["start", "x", "--agent", "standin", "--dir", "/nowhere"],
      64,
      /\/nowhere is not a folder/,
    ],
    ["a team that is not there", ["stop", "nobody"], 66, /no team nobody/],
    ["lines that are no number", ["capture", "x", "many"], 64, /many is no number of lines/],
    ["an empty message", ["send", "ffffffff", "x"], 66, /no agent or job/],
  ];
  for (const [what, args, code, says] of cases) {
    test(what, async () => {
      const ran = await muster(args);
      expect(ran.err).toMatch(says);
      expect(ran.err.split("\n").length).toBe(1);
      expect(ran.code).toBe(code);
    });
  }

  test("a text behind -- is a text, whatever it looks like", async () => {
    const { err, code } = await muster(["send", "ffffffff", "--", "--json"]);
    expect(err).toBe("muster: send: no agent or job ffffffff; muster jobs lists them");
    expect(code).toBe(66);
  });

  test("what the file system refuses is said in one line, and as JSON", async () => {
    const env = { MUSTER_HOME: "/dev/null/home" };
    const ran = await muster(["jobs"], { env });
    expect(ran.err).toMatch(/^muster: jobs: \/dev\/null\S*: a part of the path is not a folder; [^\n]+$/);
    expect(ran.code).toBe(1);
    expect(JSON.parse((await muster(["jobs", "--json"], { env })).out).error.code).toBe("failed");
  });

  test.skipIf(!existsSync("/dev/full"))("a disk that is full is no success", async () => {
    const env = { ...world.env(), MUSTER_HOME: world.home.folder };
    const ran = Bun.spawn([process.execPath, "--no-install", MAIN, "jobs"], {
      env,
      stdout: Bun.file("/dev/full"),
      stderr: "pipe",
    });
    expect(await new Response(ran.stderr).text()).toStartWith("muster: jobs: standard output: no space is left; ");
    expect(await ran.exited).toBe(1);
  });

  test("--json says it as JSON", async () => {
    const { out, code } = await muster(["status", "ffffffff", "--json"]);
    expect(JSON.parse(out).error).toMatchObject({ code: "missing", hint: "muster jobs lists them" });
    expect(code).toBe(66);
  });
});

test("muster help COMMAND is that command's help", async () => {
  const asked = await muster(["help", "send"]);
  expect(asked).toEqual(await muster(["send", "--help"]));
  expect((await muster(["help", "sned"])).err).toContain("did you mean muster send?");
});

test("P5 a driver whose program is missing is refused before anything starts, with driver, program and PATH", async () => {
  const repo = join(world.folder, "bare");
  mkdirSync(join(repo, ".git"), { recursive: true });
  const before = Object.keys((await world.state()).agents);
  const without = { env: { PATH: "/nowhere" }, cwd: repo };
  for (const args of [
    ["run", "--detach", "--peer-a", "claude"],
    ["start", "x"],
  ]) {
    const ran = await muster(args, without);
    expect(ran.err).toBe(
      `muster: ${args[0]}: driver claude needs claude, which is no program in PATH (/nowhere); npm install -g @anthropic-ai/claude-code`,
    );
    expect(ran.code).toBe(1);
  }
  expect(Object.keys((await world.state()).agents)).toEqual(before);
  expect((await world.state()).teams).toEqual({});
});

test("P13 an override that is no program fails run and doctor, which name the variable", async () => {
  const env = { CLAUDE_I_CMD: "no-such-claude --flag" };
  const ran = await muster(["start", "x"], { env });
  expect(ran.err).toMatch(/^muster: start: CLAUDE_I_CMD names no-such-claude, which is no program in PATH/);
  expect(ran.code).toBe(1);
  const doctor = await muster(["doctor"], { env });
  expect(doctor.out).toMatch(/CLAUDE_I_CMD +MISSING +no-such-claude --flag is not a program/);
  expect(doctor.code).toBe(1);
});

test("A9 start, jobs, status, send, capture, output, why, ledger, kill: one agent's life", async () => {
  const started = JSON.parse(
    (await muster(["start", "-", "--agent", "standin", "--json"], { input: "SAY: hello" })).out,
  );
  const id: string = started.agent;
  await until("the job is done", async () => (await world.state()).jobs[id]?.outcome === "completed");
  const activity = async () => (await world.state()).agents[id]?.activity;
  await until("its record says so as well", async () => (await activity()) === "idle");
  const [row] = JSON.parse((await muster(["jobs", "--json"])).out);
  expect(row).toMatchObject({ id, status: "completed", state: "idle", prompt: "SAY: hello", driver: "standin" });
  expect((await muster(["status"])).out).toMatch(new RegExp(`^1 idle\\n\\nID +STATE .*\\n${id} +idle `));
  expect((await muster(["status", id.slice(0, 5)])).out).toContain(`next     muster send ${id} "what next"`);
  const sent = await muster(["send", id, "SAY: again", "--wait", "--json"]);
  expect(JSON.parse(sent.out).state).toBe("delivered");
  await until("it is on the screen", async () => (await muster(["capture", id])).out.includes("again"));
  expect((await muster(["output", id])).out).toContain("hello");
  expect((await muster(["why", id])).out).toContain(`job ${id} is`);
  expect((await muster(["ledger", "--about", id])).out).toContain("hired: standin");
  expect((await muster(["attach", id])).out).toContain(`attach -t '=muster-${id}'`);
  expect((await muster(["kill", id])).out).toBe(`ended ${id}`);
  await until("its program is gone", async () => (await activity()) === "exited");
  const overview = (await muster(["status"])).out;
  expect(overview).toStartWith("1 done\n\nNobody works now.");
  expect(overview).toContain("1 ended: muster jobs --all lists them");
  const late = await muster(["send", id, "too late"]);
  expect(late.err).toContain("has ended");
  expect(late.code).toBe(73);
}, 30_000);

test("a relative --dir is meant from where the person stands, and a scenario's stand-in is called mock", async () => {
  mkdirSync(join(world.folder, "below"));
  const { out } = await muster(["start", "SAY: x", "--agent", "mock", "--dir", "below", "--json"]);
  const { agent } = JSON.parse(out);
  expect((await world.state()).agents[agent]?.hire).toMatchObject({
    cwd: join(world.folder, "below"),
    driver: "standin",
  });
});

test("init prepares a repository, keeps what is there, and says so", async () => {
  const repo = join(world.folder, "fresh");
  mkdirSync(repo);
  const refused = await muster(["init"], { cwd: repo });
  expect(refused.err).toContain("is not a git repository; run git init first");
  expect(refused.code).toBe(1);
  mkdirSync(join(repo, ".git"));
  writeFileSync(join(repo, "PROJECT.md"), "mine\n");
  expect((await muster(["init"], { cwd: repo })).out).toMatch(/kept +PROJECT.md/);
  expect(readFileSync(join(repo, "PROJECT.md"), "utf8")).toBe("mine\n");
  expect(readFileSync(join(repo, ".gitignore"), "utf8")).toBe("/.muster/\n");
  expect(existsSync(join(repo, "docs/por/POR.md"))).toBe(true);
  expect((await muster(["init"], { cwd: repo })).out).not.toContain("created");
});

test("P3 (fault 22) doctor looks in the same PATH that will start the programs", async () => {
  const { out, code } = await muster(["doctor", "--json"]);
  expect(JSON.parse(out).findings.find((one: { name: string }) => one.name === "tmux").ok).toBe(true);
  expect(code).toBe(0);
  const without = await muster(["doctor"], { env: { PATH: "/nowhere" } });
  expect(without.out).toMatch(/tmux +MISSING/);
  expect(without.code).toBe(1);
});

test("doctor names a tmux that is too old and a home that is no folder", async () => {
  const tools = join(world.folder, "old-tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "tmux"), "#!/bin/sh\necho tmux 3.1c\n", { mode: 0o755 });
  const old = await muster(["doctor"], { env: { PATH: `${tools}:${process.env.PATH}` } });
  expect(old.out).toMatch(/tmux +MISSING +tmux 3.1c is too old; install tmux 3.2 or newer/);
  expect(old.out).toEndWith("Status: not ready: tmux");
  expect(old.code).toBe(1);
  const nowhere = await muster(["doctor", "--json"], { env: { MUSTER_HOME: "/dev/null" } });
  const { findings } = JSON.parse(nowhere.out) as { findings: { name: string; ok: boolean }[] };
  expect(findings.find(({ name }) => name === "home")?.ok).toBe(false);
});

test("dashboard prints a login that works once", async () => {
  const url = new URL((await muster(["dashboard"])).out);
  const ask = () =>
    fetch(`${url.origin}/auth/exchange`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: url.hash.slice("#code=".length) }),
    });
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(401);
});
