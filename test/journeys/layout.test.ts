import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Desk, openDesk } from "./seat.ts";
import { until, World } from "./world.ts";

const world = new World();
const repo = join(world.folder, "my-repo");
/** A person's own terminal. */
let desk: Desk;

beforeAll(async () => {
  mkdirSync(repo);
  writeFileSync(join(repo, "PROJECT.md"), "A project.\n");
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

/** The row in which a pane's title stands. */
const rowOf = (screen: string, title: string): number => screen.split("\n").findIndex((row) => row.includes(title));

test("P79 P80 (fault 12) run on a terminal opens console, ledger, PeerA and PeerB; quitting or detaching ends nothing; stop closes the window", async () => {
  desk.muster("run", "--peer-a", "standin", "--peer-b", "standin", "--task", "SAY: seen");
  const shown = await until("both peers are on the screen", () => {
    const text = desk.screen();
    return (
      text.includes("Stand-in · PeerA") && text.includes("Stand-in · PeerB") && text.includes("team formed") && text
    );
  });
  const rows = shown.split("\n");
  expect(rows[0]).toMatch(/^─* ?Console ─+[┬┐]─* ?PeerA [0-9a-f]{8} ─+$/);
  expect(rows[0]?.indexOf("┬")).toBe(170 / 2);
  expect(shown).toMatch(/my-repo pair ─+ live ─│/);
  expect(rowOf(shown, " Ledger ─")).toBe(48 - 1 - 8 - 1);
  expect(shown).toMatch(/PeerB [0-9a-f]{8} ─/);
  expect(rows.findLast((row) => row !== "")).toMatch(/^ muster my-repo .*Ctrl-b d leaves, the team works on/);
  const before = Object.values((await world.state()).agents).map((agent) => agent.pid);
  // The console has the keys: leaving it leaves the window.
  desk.press("q", "Enter");
  await until("the person is back in their shell", () => desk.screen().includes("team my-repo works on"));
  desk.type("clear; echo left with $?");
  await until("the command has ended well", () => desk.screen().includes("left with 0"));
  desk.muster("attach", "my-repo");
  await until("the console is there again", () => /my-repo pair ─+ live ─│/.test(desk.screen()));
  expect(desk.screen()).not.toContain("Pane is dead");
  desk.press("C-b", "d");
  await until("the person is back in their shell again", () => desk.screen().includes("team my-repo works on"));
  // tmux would give the log its share of a smaller terminal: one line.
  const small = openDesk(world, repo, 100, 28);
  small.muster("attach", "my-repo");
  await until("a small terminal shows the same shape, with eight lines of log", () => {
    return rowOf(small.screen(), " Ledger ─") === 28 - 1 - 8 - 1;
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

test("P79 the quad layout of the settings has the peers above, the ledger and the console below", async () => {
  mkdirSync(join(repo, ".muster", "settings"), { recursive: true });
  writeFileSync(join(repo, ".muster", "settings", "cli_profiles.yaml"), "tmux: {layout: quad}\n");
  desk.type("clear");
  desk.muster("run", "--peer-a", "standin", "--peer-b", "standin");
  const shown = await until("the console is on the screen", () => {
    return /my-repo pair ─+ live ─/.test(desk.screen()) && desk.screen().includes("Stand-in · PeerB") && desk.screen();
  });
  const rows = shown.split("\n");
  expect(rows[0]).toMatch(/^─* ?PeerA [0-9a-f]{8} ─+[┬┐]─* ?PeerB [0-9a-f]{8} ─+$/);
  expect(shown).toMatch(/\n─* ?Ledger ─+[┼┤]─* ?Console ─+\n/);
  desk.press("C-b", "d");
  await world.client.post("/api/teams/my-repo/stop", {});
}, 40_000);
