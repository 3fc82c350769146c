import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();
const PAIR = ["--peer-a", "standin", "--peer-b", "standin"];

beforeAll(() => world.boot());
afterAll(() => world.end());

/** A repository of its own, with a folder in it. */
function repository(name: string): { top: string; below: string } {
  const top = join(world.folder, name);
  const below = join(top, "src", "deep");
  mkdirSync(below, { recursive: true });
  Bun.spawnSync(["git", "init", "-q"], { cwd: top, env: { ...world.env(), GIT_CONFIG_NOSYSTEM: "1" } });
  return { top: realpathSync(top), below };
}

function begun(cwd: string, ...args: string[]) {
  return Bun.spawn([process.execPath, "--no-install", MAIN, ...args], {
    env: { ...world.env(), MUSTER_HOME: world.home.folder },
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function muster(cwd: string, ...args: string[]) {
  const child = begun(cwd, ...args);
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out: out.trim(), err: err.trim(), code };
}

test("P5 run in a folder of a repository starts the team at its top, and comes back to it from everywhere in it", async () => {
  const { top, below } = repository("deep-one");
  const started = await muster(below, "run", "--detach", ...PAIR);
  expect(started.out).toStartWith(`team deep-one has started in ${top}\n  PeerA  `);
  symlinkSync(top, join(world.folder, "by-link"));
  for (const args of [["run"], ["run", "--dir", join(world.folder, "by-link")]])
    expect((await muster(below, ...args, "--detach")).out).toStartWith(`team deep-one runs already in ${top}`);
  const other = await muster(below, "run", "--session", "other-one", "--detach");
  expect([other.code, other.err]).toEqual([
    73,
    "muster: run: team deep-one runs in this repository, not other-one; muster attach deep-one, or muster stop deep-one first",
  ]);
  const elsewhere = await muster(repository("elsewhere-one").top, "run", "--session", "deep-one", "--detach", ...PAIR);
  expect([elsewhere.code, elsewhere.err]).toEqual([
    73,
    `muster: run: team deep-one is running in ${top}; muster run --session NAME takes another name; muster attach deep-one, or muster stop deep-one`,
  ]);
  await muster(top, "stop", "deep-one");
});

test("a team's ledger begins with the team, not with an earlier one of its name", async () => {
  const { top } = repository("twice-one");
  for (const _ of [1, 2]) {
    await muster(top, "run", "--detach", ...PAIR);
    await muster(top, "stop", "twice-one");
  }
  const lines = (await muster(top, "ledger", "--team", "twice-one")).out.split("\n");
  expect(lines[0]).toContain("team formed: PeerA (standin), PeerB (standin)");
  expect(lines.filter((line) => line.includes("team formed")).length).toBe(1);
  expect(lines.some((line) => line.includes("team ended"))).toBe(true);
});

test("P6 stop without a name means the team of the repository where one stands, else the only one", async () => {
  const [here, there] = [repository("here-one"), repository("there-one")];
  for (const { top } of [here, there]) await muster(top, "run", "--detach", ...PAIR);
  const unclear = await muster(world.folder, "stop");
  expect(unclear.err).toMatch(/^muster: stop: several teams are running; name one: /);
  expect(unclear.code).toBe(64);
  expect((await muster(here.below, "stop")).out).toBe("team here-one has ended");
  expect((await muster(world.folder, "stop")).out).toBe("team there-one has ended");
});

test("a task for a team that runs already is refused, not swallowed", async () => {
  const { top } = repository("busy-one");
  await muster(top, "run", "--detach", "--peer-a", "standin", "--peer-b", "none");
  const [agent] = (await world.state()).teams["busy-one"]?.seats.map((seat) => seat.agent) ?? [];
  const ran = await muster(top, "run", "--task", "something new");
  expect(ran.err).toBe(
    `muster: run: team busy-one runs already and does not get this task; muster send ${agent} "..." tells PeerA; muster stop busy-one ends it`,
  );
  expect(ran.code).toBe(73);
  await muster(top, "stop", "busy-one");
});

test("a scenario is meant from where the person stands, and must be there before anything starts", async () => {
  const { top, below } = repository("played-one");
  writeFileSync(join(below, "play.json"), JSON.stringify([{ do: [{ say: "from the file" }] }]));
  const missing = await muster(top, "run", "--detach", "--peer-a", "mock:play.json", "--peer-b", "none");
  expect(missing.err).toBe(`muster: run: ${join(top, "play.json")} is no scenario file; mock:FILE names one`);
  expect(missing.code).toBe(64);
  expect((await world.state()).teams["played-one"]).toBeUndefined();
  const { out } = await muster(below, "start", "x", "--agent", "mock:play.json", "--dir", top, "--json");
  const { agent } = JSON.parse(out);
  await until("it has played", async () => (await world.state()).jobs[agent]?.summary === "from the file");
});

test("without a terminal run follows its own team only, until it is stopped", async () => {
  const { top } = repository("followed-one");
  const child = begun(top, "run", ...PAIR, "--task", "SAY: hello");
  let out = "";
  const reading = (async () => {
    for await (const bytes of child.stdout) out += new TextDecoder().decode(bytes);
  })();
  await until("it follows", () => out.includes("has started"));
  const stranger = await world.start("SAY: not of this team");
  await until("the stranger is done", async () => (await world.state()).jobs[stranger]?.outcome !== undefined);
  await muster(top, "stop", "followed-one");
  expect(await child.exited).toBe(0);
  await reading;
  expect(out).toContain("team ended: stopped by user");
  expect(out).not.toContain("not of this team");
}, 20_000);

test("init finds the top of its repository, and names each file, also the one it put aside", async () => {
  const { top, below } = repository("prepared-one");
  writeFileSync(join(top, ".gitignore"), "node_modules/");
  const first = await muster(below, "init");
  expect(first.out).toStartWith(`${top}\ncreated   .muster/`);
  expect(first.out).toMatch(/extended {2}\.gitignore +\/\.muster\/ is ignored/);
  expect(readFileSync(join(top, ".gitignore"), "utf8")).toBe("node_modules/\n/.muster/\n");
  writeFileSync(join(top, "PROJECT.md"), "mine\n");
  const forced = await muster(below, "init", "--force", "--json");
  const lines = JSON.parse(forced.out) as { what: string; path: string; note?: string }[];
  const aside = readdirSync(top).find((name) => name.startsWith("PROJECT.md.bak-"));
  expect(lines.find(({ path }) => path === "PROJECT.md")).toEqual({
    what: "replaced",
    path: "PROJECT.md",
    note: `the old one is ${aside}`,
  });
  expect(readFileSync(join(top, aside ?? ""), "utf8")).toBe("mine\n");
  expect(lines.filter(({ what }) => what === "kept").length).toBe(lines.length - 1);
});

test("what attach prints is one line that any shell takes as it is", async () => {
  const agent = await world.start("SAY: x");
  await until("it has a terminal", async () => (await world.state()).agents[agent]?.pane);
  const { out } = await muster(world.folder, "attach", agent);
  expect(out).toEndWith(`attach -t '=muster-${agent}'`);
});

test("a parent that nobody knows is refused before anything starts", async () => {
  const before = Object.keys((await world.state()).agents).length;
  const ran = await muster(world.folder, "start", "x", "--agent", "standin", "--parent", "ffffffff");
  expect(ran.err).toContain("no agent or job ffffffff");
  expect(ran.code).toBe(66);
  expect(Object.keys((await world.state()).agents).length).toBe(before);
});
