import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../src/core/state.ts";
import { openDesk } from "./seat.ts";
import { until, World } from "./world.ts";

const TOP = join(import.meta.dir, "..", "..");
const README = readFileSync(join(TOP, "README.md"), "utf8");
const world = new World();
const repo = join(world.folder, "their-repo");
const bin = join(world.folder, "bin");
const git = (...args: string[]): string =>
  Bun.spawnSync(["git", ...args], { cwd: repo, env: { ...world.env(), GIT_CONFIG_NOSYSTEM: "1" } }).stdout.toString();

beforeAll(async () => {
  for (const folder of [repo, bin]) mkdirSync(folder);
  symlinkSync(join(TOP, "bin", "muster"), join(bin, "muster"));
  git("init", "-q");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "first");
  await world.boot();
});
afterAll(() => world.end());

test("P5 P6 P17 a stranger gets by README alone from init over a talk, a detach and a return to the end of the team", async () => {
  for (const told of ["muster init", "PROJECT.md", "muster run", "`/help`", "`Ctrl-b d`", "muster stop"])
    expect(README).toContain(told);
  const desk = openDesk(world, repo, 160, 44);
  const shows = (words: string): Promise<boolean> =>
    until(`the screen says ${words}`, () => desk.screen().includes(words));
  try {
    desk.type(`PATH='${bin}':$PATH`);
    desk.type("muster init");
    await shows("PROJECT.md");
    await shows(".gitignore");
    writeFileSync(join(repo, "PROJECT.md"), "A library of one function, for strangers.\n");

    desk.type("clear; muster run --peer-a standin --peer-b standin --no-wizard");
    await shows("Agents A idle");
    await until("both are idle", async () => {
      const agents = Object.values((await world.state()).agents);
      return agents.length === 2 && agents.every(({ activity }) => activity === "idle");
    });
    desk.type("both: SAY: good morning");
    await until("both have got it", async () => {
      const all = Object.values((await world.state()).messages);
      return all.filter(({ preview, state }) => preview.includes("good morning") && state === "delivered").length === 2;
    });
    await shows("good morning");

    desk.press("C-b", "d");
    await shows("[detached");
    desk.type("clear; echo back in the $((40 + 2))th shell");
    await shows("back in the 42th shell");
    const { teams } = await world.state();
    expect(Object.keys(teams)).toEqual(["their-repo"]);

    desk.type("clear; muster run");
    await shows("good morning");
    desk.press("C-b", "d");
    await shows("[detached");
    desk.type("clear; muster stop");
    await shows("team their-repo has ended");
    await until("nobody lives", async () => !Object.values((await world.state()).agents).some(isAlive));
    const changed = git("status", "--porcelain")
      .trim()
      .split("\n")
      .map((line) => line.slice(3));
    // What init printed, and nothing more.
    expect(changed.sort()).toEqual([".gitignore", "FOREMAN_TASK.md", "PROJECT.md", "docs/"]);
  } finally {
    desk.end();
  }
}, 40_000);
