import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();
const repo = join(world.folder, "my-repo");
/** A person's own terminal: a tmux of its own, not Muster's. */
const own = ["tmux", "-S", join(world.folder, "person.sock"), "-f", "/dev/null"];

const tmux = (...args: string[]): string =>
  Bun.spawnSync([...own, ...args], { env: { ...world.env(), TERM: "xterm-256color" } }).stdout.toString();
const screen = (): string => tmux("capture-pane", "-p");

beforeAll(async () => {
  mkdirSync(repo);
  for (const args of [
    ["init", "-q"],
    ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
  ]) {
    Bun.spawnSync(["git", ...args], { cwd: repo, env: { ...world.env(), GIT_CONFIG_NOSYSTEM: "1" } });
  }
  await world.boot();
});
afterAll(async () => {
  tmux("kill-server");
  await world.end();
});

test("run on a terminal opens console, log, PeerA and PeerB; detaching ends nothing; stop closes the window", async () => {
  const { PATH = "", HOME = "" } = world.env();
  const env = [
    "env",
    "-i",
    `PATH=${PATH}`,
    `HOME=${HOME}`,
    "LANG=C.UTF-8",
    "TERM=xterm-256color",
    `MUSTER_HOME=${world.home.folder}`,
  ];
  const run = [
    ...env,
    process.execPath,
    "--no-install",
    MAIN,
    "run",
    "--peer-a",
    "standin",
    "--peer-b",
    "standin",
    "--task",
    "SAY: seen",
  ];
  tmux(
    "new-session",
    "-d",
    "-x",
    "170",
    "-y",
    "48",
    "-c",
    repo,
    "-e",
    "X=1",
    "--",
    "sh",
    "-c",
    'cd "$0" && "$@"; echo "left with $?"; cat',
    repo,
    ...run,
  );
  const shown = await until("both peers are on the screen", () => {
    const text = screen();
    return (
      text.includes("Stand-in · PeerA") && text.includes("Stand-in · PeerB") && text.includes("team formed") && text
    );
  });
  expect(shown.split("\n")[0]).toMatch(/team formed.*│.*PeerA/);
  const before = Object.values((await world.state()).agents).map((agent) => agent.pid);
  tmux("send-keys", "C-b", "d");
  await until("the person is back in their shell", () => screen().includes("left with 0"));
  const { agents, teams } = await world.state();
  expect(Object.values(agents).map((agent) => agent.pid)).toEqual(before);
  const [team] = Object.values(teams);
  expect(team?.name).toBe("my-repo");
  await world.client.post(`/api/teams/${team?.name}/stop`, {});
  await until("both have ended", async () =>
    Object.values((await world.state()).agents).every((agent) => agent.activity === "exited"),
  );
  const windows = Bun.spawnSync(["tmux", "-S", world.home.tmuxSocket, "list-sessions", "-F", "#{session_name}"], {
    env: world.env(),
  });
  expect(windows.stdout.toString()).not.toContain("muster-my-repo");
}, 40_000);
