import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, premises, ran } from "../../test/fakes/call.ts";
import type { Premises } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import { command as doctor } from "./doctor.ts";
import { roleRows } from "./premises.ts";
import { command as roles } from "./roles.ts";

let folder: string;
let repo: string;
const env = () => ({ PATH: `${join(folder, "bin")}:${process.env.PATH}` });

function program(path: string): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  return whole;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-doctor-"));
  repo = join(folder, "repo");
  mkdirSync(join(repo, ".git"), { recursive: true });
  mkdirSync(join(repo, ".muster"));
  program("bin/claude");
  program("repo/sub/own-cli");
});
afterAll(() => rmSync(folder, { recursive: true }));

const found = (changes: Premises["settings"]["changes"] = {}, more: Partial<Premises> = {}) =>
  premises(changes, { repo, saved: ["peerA", "peerB"], ...more });

const PAIR = { cli_profiles: { roles: { peerA: { actor: "claude" }, peerB: { actor: "mock" } } } };

async function asked(
  command: typeof doctor,
  given: Premises | Error,
  more: { env?: Record<string, string>; words?: string[]; isJson?: boolean } = {},
) {
  const { client } = fakeDaemon({ "/api/premises": given });
  return ran(command, { cwd: repo, home: join(folder, "home"), client, env: env(), ...more });
}

test("P4 roles shows who sits where, with level, folder, command and the program's place", async () => {
  const { out, code } = await asked(roles, found(PAIR));
  expect(code).toBe(0);
  expect(out.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["ROLE", "DRIVER", "LEVEL", "FOLDER", "COMMAND", "PROGRAM"],
    ["PeerA", "claude", "workspace-write", repo, "claude", "OK", join(folder, "bin/claude")],
    ["PeerB", "mock", "workspace-write", repo, "OK", "built in"],
    ["Aux", "none"],
    ["Foreman", "none"],
  ]);
});

test("P4 a program that is missing, a driver that is not there and a level that cannot be enforced are named", () => {
  const rows = roleRows(
    found(
      {
        cli_profiles: {
          roles: {
            peerA: { actor: "claude" },
            peerB: { actor: "standin", permissions: "read-only" },
            aux: { actor: "gemini" },
          },
        },
        foreman: { agent: "reuse_aux" },
      },
      { saved: ["peerA", "peerB", "aux"] },
    ),
    { PATH: "/nowhere" },
  ).rows;
  expect(rows.map(({ role, isOk, problem }) => [role, isOk, problem])).toEqual([
    ["peerA", false, "driver claude needs claude, which is no program in PATH (/nowhere); install claude"],
    ["peerB", false, "driver standin cannot enforce read-only"],
    ["aux", false, "no driver named gemini; known: claude, standin"],
    ["foreman", true, ""],
  ]);
});

test("P13 a command of the variable or the settings is looked for where it will be started", () => {
  const cwd = { roles: { peerA: { actor: "claude", cwd: "sub" }, peerB: { actor: "claude" } } };
  const rowsFor = (changes: Premises["settings"]["changes"], more: Record<string, string> = {}) =>
    roleRows(found(changes), { ...env(), ...more }).rows.slice(0, 2);
  const own = { cli_profiles: { ...cwd, commands: { peerA: "./own-cli --x", peerB: "./own-cli" } } };
  expect(
    rowsFor(own).map(({ command, source, binary, problem, cwd: at }) => [command, source, binary, problem, at]),
  ).toEqual([
    ["./own-cli --x", "cli_profiles.yaml commands.peerA", join(repo, "sub/own-cli"), "", join(repo, "sub")],
    [
      ...["./own-cli", "cli_profiles.yaml commands.peerB", null],
      `cli_profiles.yaml commands.peerB names ./own-cli, which is no program in PATH (${env().PATH}); mend it`,
      repo,
    ],
  ]);
  const named = rowsFor(own, { CLAUDE_I_CMD: "claude --fast" });
  expect(named.map(({ command, source }) => [command, source])).toEqual([
    ["claude --fast", "CLAUDE_I_CMD"],
    ["claude --fast", "CLAUDE_I_CMD"],
  ]);
  const agents = { cli_profiles: cwd, agents: { actors: { claude: { peer: { command: "claude -p" } } } } };
  expect(rowsFor(agents).map(({ source }) => source)).toEqual([
    "agents.yaml actors.claude.peer.command",
    "agents.yaml actors.claude.peer.command",
  ]);
});

test("P3 doctor finds programs in the environment that will start them (fault 22), and ends with 1 when one is missing", async () => {
  const ready = await asked(doctor, found(PAIR));
  expect(ready.out).toMatch(new RegExp(`PeerA +ok +claude, workspace-write +${join(folder, "bin/claude")}`));
  expect(ready.out).toMatch(/PeerB +ok +mock, workspace-write +built in/);
  expect([ready.code, ready.out.split("\n").at(-1)]).toEqual([0, "Status: Ready"]);
  const missing = await asked(doctor, found(PAIR), { env: { PATH: process.env.PATH ?? "" } });
  expect(missing.out).toMatch(/PeerA +MISSING +driver claude needs claude, which is no program in PATH/);
  expect([missing.code, missing.out.split("\n").at(-1)]).toEqual([1, "Status: not ready: PeerA"]);
});

test("P3 doctor looks at settings, PROJECT.md, POR.md, tokens and bridges", async () => {
  const problems = [
    { level: "error", text: "/r/x.yaml:1:2 a: expected a text, got 3" },
    { level: "warning", text: "/r/y.yaml:1:1 b: unknown key" },
  ] as const;
  const settings = { hash: "", changes: PAIR, problems: [...problems] };
  const { out, code } = await asked(doctor, found({}, { settings, hasBrief: false, hasBoard: false }), {
    env: { ...env(), SLACK_BOT_TOKEN: "x" },
    isJson: true,
  });
  const { ready, findings } = JSON.parse(out) as {
    ready: boolean;
    findings: { name: string; ok: boolean | null; detail: string }[];
  };
  const of = (name: string) => findings.filter((one) => one.name === name).map(({ ok, detail }) => [ok, detail]);
  expect([ready, code]).toEqual([false, 1]);
  expect(of("settings")).toEqual([
    [false, problems[0].text],
    [null, problems[1].text],
  ]);
  expect(of("PROJECT.md")[0]?.[0]).toBeNull();
  expect(of("POR.md")).toEqual([[null, "missing: muster init makes docs/por/POR.md"]]);
  expect(of("TELEGRAM_BOT_TOKEN")).toEqual([[null, "none; muster token set --platform telegram keeps one"]]);
  expect(of("SLACK_BOT_TOKEN")).toEqual([[null, "SLACK_BOT_TOKEN of the environment"]]);
  expect(of("bridges")).toEqual([
    [null, "Telegram, Slack and Discord cannot be connected yet; muster dashboard and muster send reach a team"],
  ]);
  expect((await asked(doctor, found(PAIR))).out).toMatch(/settings +ok +sound/);
});

test("P3 doctor roles looks at the roles alone; an unknown section is refused with those there are", async () => {
  const { out, code } = await asked(doctor, found(PAIR), { words: ["roles"] });
  expect(out.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "PeerA",
    "PeerB",
    "Aux",
    "Foreman",
    "",
    "Status:",
  ]);
  expect(code).toBe(0);
  expect(await asked(doctor, found(), { words: ["moon"] })).toEqual({
    ...{ out: "", err: "no section moon; known: all, roles, army", code: 64 },
  });
});

test("P3 a repository that nobody has prepared yet is not missing its drivers", async () => {
  const bare = join(folder, "bare");
  mkdirSync(join(bare, ".git"), { recursive: true });
  const { client } = fakeDaemon({ "/api/premises": premises() });
  const { out, code } = await ran(doctor, {
    cwd: bare,
    home: join(folder, "home"),
    client,
    env: { PATH: process.env.PATH ?? "" },
  });
  expect(out).toMatch(/PeerA +note +driver claude needs claude/);
  expect(out).toContain("PeerB is claude: codex is not built in yet");
  expect(code).toBe(0);
});

test("P3 a daemon that does not answer is one more thing that is missing", async () => {
  const { out, code } = await asked(
    doctor,
    new Refusal("unreachable", "the daemon did not start", "its words are in x"),
  );
  expect(out).toMatch(/daemon +MISSING +the daemon did not start; its words are in x/);
  expect(code).toBe(1);
});

test("P13 every driver's variable is looked at, also of drivers that are not built in yet", async () => {
  const { out, code } = await asked(doctor, found(PAIR), {
    env: { ...env(), GEMINI_I_CMD: "no-such --x", CODEX_I_CMD: "claude" },
  });
  expect(out).toMatch(/GEMINI_I_CMD +MISSING +no-such --x is not a program/);
  expect(out).toMatch(new RegExp(`CODEX_I_CMD +ok +${join(folder, "bin/claude")}`));
  expect(code).toBe(1);
});
