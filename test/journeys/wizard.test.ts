import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();

beforeAll(() => world.boot());
afterAll(() => world.end());

function repository(name: string): string {
  const top = join(world.folder, name);
  mkdirSync(top, { recursive: true });
  Bun.spawnSync(["git", "init", "-q"], { cwd: top, env: { ...world.env(), GIT_CONFIG_NOSYSTEM: "1" } });
  return realpathSync(top);
}

const environment = (more: Record<string, string> = {}) => ({
  ...world.env(),
  ...{ MUSTER_HOME: world.home.folder, TERM: "xterm", EDITOR: "true", NO_COLOR: "1" },
  ...more,
});

/** A person at a terminal: `expects` waits for words, and what is typed then ends in Enter. */
async function atTerminal(cwd: string, args: string[], talk: [expects: string, types: string][], more = {}) {
  let shown = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn([process.execPath, "--no-install", MAIN, ...args], {
    env: environment(more),
    cwd,
    terminal: { cols: 120, rows: 40, data: (_: unknown, bytes: Uint8Array) => (shown += decoder.decode(bytes)) },
  } as object) as Bun.Subprocess & { terminal: { write(text: string): void } };
  let from = 0;
  for (const [expects, types] of talk) {
    from = await until(`${expects} is shown, after ${shown}`, () => {
      const at = shown.indexOf(expects, from);
      return at >= 0 && at + expects.length;
    });
    child.terminal.write(`${types}\r`);
  }
  const code = await child.exited;
  await until("its last words are there", () => shown.trimEnd().length > from);
  return { shown: shown.replaceAll("\r\n", "\n"), code };
}

const settings = (repo: string, name: string) => readFileSync(join(repo, ".muster/settings", `${name}.yaml`), "utf8");

test("P17 a person chooses at the terminal, full access in words; the next run offers the same, and a secret is never shown", async () => {
  const repo = repository("asked");
  const key = "a-secret-of-the-driver";
  mkdirSync(join(repo, ".muster/settings"), { recursive: true });
  writeFileSync(
    join(repo, ".muster/settings/agents.yaml"),
    "actors:\n  standin:\n    env_require: [ASKED_KEY] # mine\n",
  );
  const { shown, code } = await atTerminal(
    repo,
    ["run", "--detach"],
    [
      ["PeerA [claude]", "cladue"],
      ["no driver named cladue; known: claude, standin\r\nPeerA [claude]", "standin"],
      ["PeerB [claude]", "none"],
      ["a Foreman is recommended", ""],
      ["Foreman [none]", ""],
      ["autonomous operation.\r\nPermission level [workspace-write]", "danger-full-access"],
      ['Type "full access" to allow it', "full access"],
      ["w = write it yourself, p = let PeerA draft it", "w"],
      ["ASKED_KEY: ", key],
    ],
  );
  expect(code).toBe(0);
  expect(shown).toContain(`team asked has started in ${repo}`);
  expect(shown).not.toContain(key);
  const state = await world.state();
  const [seat] = state.teams.asked?.seats ?? [];
  expect(state.agents[seat?.agent ?? ""]?.hire.permission).toBe("danger-full-access");
  expect(state.repositories[repo]?.isPermitted).toBe(true);
  expect(settings(repo, "cli_profiles")).toMatch(/ {4}actor: standin .*\n/);
  expect(settings(repo, "cli_profiles")).toMatch(/ {4}permissions: danger-full-access /);
  expect(settings(repo, "agents")).toContain("# mine");
  const kept = readFileSync(join(world.home.secrets, `${seat?.agent}.json`), "utf8");
  expect(JSON.parse(kept).more).toEqual({ ASKED_KEY: key });
  for (const name of ["cli_profiles", "agents"]) expect(settings(repo, name)).not.toContain(key);
  await world.client.post("/api/teams/asked/stop", {});

  writeFileSync(join(repo, ".muster/settings/agents.yaml"), "");
  const again = await atTerminal(
    repo,
    ["run", "--detach"],
    [
      ["Previous: PeerA standin, PeerB none, Aux none, Foreman none; danger-full-access\r\nUse previous bindings?", ""],
      ["left unread", "a"],
    ],
  );
  expect([again.code, again.shown.includes("team asked has started")]).toEqual([0, true]);
  await world.client.post("/api/teams/asked/stop", {});
});

test("P8 a token is asked for without being shown; Ctrl-C ends the question, and a no deletes nothing", async () => {
  const repo = repository("hidden");
  const value = `123456789:${"b".repeat(35)}`;
  const { shown, code } = await atTerminal(
    repo,
    ["token", "set"],
    [["Token of telegram (TELEGRAM_BOT_TOKEN): ", value]],
  );
  expect([code, shown.includes(value)]).toEqual([0, false]);
  expect(shown).toContain("stored: TELEGRAM_BOT_TOKEN");
  const left = await atTerminal(repo, ["token", "set"], [["Token of telegram", "\x03"]]);
  expect(left.code).toBe(130);
  const no = await atTerminal(repo, ["reset"], [["y = yes: ", "no"]]);
  expect([no.code, no.shown.includes("nothing was deleted")]).toEqual([1, true]);
});
