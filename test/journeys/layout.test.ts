import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Desk, openDesk } from "./seat.ts";
import { until, World } from "./world.ts";

const world = new World();
const repo = join(world.folder, "my-repo");
/** A person's own terminal. */
let desk: Desk;

beforeAll(async () => {
  mkdirSync(repo);
  for (const args of [
    ["init", "-q"],
    ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
  ]) {
    Bun.spawnSync(["git", ...args], { cwd: repo, env: { ...world.env(), GIT_CONFIG_NOSYSTEM: "1" } });
  }
  await world.boot();
  desk = openDesk(world, repo, 170, 48);
});
afterAll(async () => {
  desk.end();
  await world.end();
});

test("run on a terminal opens console, log, PeerA and PeerB; detaching ends nothing; stop closes the window", async () => {
  desk.muster("run", "--peer-a", "standin", "--peer-b", "standin", "--task", "SAY: seen");
  const shown = await until("both peers are on the screen", () => {
    const text = desk.screen();
    return (
      text.includes("Stand-in · PeerA") && text.includes("Stand-in · PeerB") && text.includes("team formed") && text
    );
  });
  const rows = shown.split("\n");
  expect(rows[0]).toMatch(/^─* ?What happens ─+[┬┐]─* ?PeerA [0-9a-f]{8} ─+$/);
  expect(rows[1]).toMatch(/team formed.*│.*PeerA/);
  expect(shown).toMatch(/Every fact ─.*/);
  expect(shown).toMatch(/PeerB [0-9a-f]{8} ─/);
  expect(rows.findLast((row) => row !== "")).toMatch(/^ muster my-repo .*Ctrl-b d leaves, the team works on/);
  // The console has the keys: it begins again instead of leaving a dead pane.
  desk.press("C-c");
  await until("the console shows the team again", () =>
    /What happens(?:(?!Every fact).)*team formed/s.test(desk.screen()),
  );
  expect(desk.screen()).not.toContain("Pane is dead");
  const before = Object.values((await world.state()).agents).map((agent) => agent.pid);
  desk.press("C-b", "d");
  await until("the person is back in their shell", () => desk.screen().includes("team my-repo works on"));
  desk.type("echo left with $?");
  await until("the command has ended well", () => desk.screen().includes("left with 0"));
  // tmux would give the log its share of a smaller terminal: one line.
  const small = openDesk(world, repo, 100, 28);
  small.muster("attach", "my-repo");
  await until("a small terminal shows the same shape, with eight lines of log", () => {
    const heads = small
      .screen()
      .split("\n")
      .findIndex((row) => row.includes("Every fact"));
    return heads === 28 - 1 - 8 - 1;
  });
  small.end();
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
