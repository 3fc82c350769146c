import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WholeMessage } from "../../src/core/api.ts";
import type { Errand } from "../../src/core/errands/errands-state.ts";
import { agentToken } from "../../src/server/tokens.ts";
import { until, World } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const world = new World();
const repo = join(world.folder, "repo");
let agents: string[] = [];

/** A command in the repository, perhaps as a peer calls it. */
async function muster(args: string[], more: Record<string, string> = {}) {
  const ran = Bun.spawn([process.execPath, "--no-install", MAIN, ...args], {
    env: { ...world.env(), MUSTER_HOME: world.home.folder, ...more },
    ...{ cwd: repo, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  });
  const [out, err] = await Promise.all([new Response(ran.stdout).text(), new Response(ran.stderr).text()]);
  return { out: out.trim(), err: err.trim(), code: await ran.exited };
}

const write = (path: string, text: string): void => {
  mkdirSync(join(repo, path, ".."), { recursive: true });
  writeFileSync(join(repo, path), text);
};
const errands = async (role: string): Promise<Errand[]> =>
  Object.values((await world.state()).errands.all).filter((one) => one.role === role);
/** The newest errand of a role, once it has ended. */
const ended = (role: string, count: number): Promise<Errand> =>
  until(`${role} ${count} has ended`, async () => {
    const all = await errands(role);
    return all.length >= count && all.every(({ endedAt }) => endedAt !== undefined) && all.at(-1);
  });
/** A message to somebody with these words. */
const letter = (to: string, words: string): Promise<WholeMessage> =>
  until(`a letter: ${words}`, async () => {
    const all = Object.values((await world.state()).messages).filter((message) => message.to === to);
    const whole = await Promise.all(all.map(({ mid }) => world.client.get<WholeMessage>(`/api/messages/${mid}`)));
    return whole.find(({ body }) => body.includes(words));
  });

beforeAll(async () => {
  mkdirSync(join(repo, ".git"), { recursive: true });
  write(".muster/settings/cli_profiles.yaml", "roles:\n  aux:\n    actor: mock\n    rate_limit_per_minute: 9\n");
  write(".muster/settings/foreman.yaml", "enabled: true\nagent: reuse_aux\n");
  write("FOREMAN_TASK.md", "TELL: peer EVIDENCE: the build of src/a.ts:1 is red, look\nSAY: asked both\n");
  await world.boot();
  const seat = { driver: "standin" };
  const formed = await world.client.post<{ agents: string[] }>("/api/teams", {
    repo,
    name: "pair",
    peerA: seat,
    peerB: seat,
  });
  agents = formed.agents;
});
afterAll(() => world.end());

test("P66 P67 a peer asks Aux by its own token; the folder has all of it, and the answer comes as a letter", async () => {
  const [ann = ""] = agents;
  const person = readFileSync(world.home.token, "utf8").trim();
  const asPeer = { MUSTER_TOKEN: agentToken(person, ann) };
  const asked = await muster(["aux", "RUN: echo from aux > aux.txt; env > env.txt\nSAY: I wrote it"], asPeer);
  expect(asked).toMatchObject({ err: "", code: 0, out: expect.stringContaining("Aux (mock) works on it") });
  const { folder = "", asker } = await ended("aux", 1);
  expect([asker, readFileSync(join(repo, "aux.txt"), "utf8")]).toEqual([ann, "from aux\n"]);
  expect(readdirSync(folder).sort()).toEqual(["meta.json", "prompt.txt", "stderr.txt", "stdout.txt"]);
  expect(readFileSync(join(folder, "stdout.txt"), "utf8")).toBe("I wrote it\n");
  // Neither the token of whoever asked nor anything else of Muster reaches it.
  expect(readFileSync(join(repo, "env.txt"), "utf8")).not.toContain("MUSTER_");
  await letter(ann, `What it said:\nI wrote it\nAll of it: ${folder}`);
  expect(await muster(["aux", "x", "--team", "other"], asPeer)).toMatchObject({ code: 73 });
});

test("P66 in a sandbox a file does the same; a person's answer comes to them", async () => {
  const box = join(repo, ".muster", "mailbox", "peerB");
  writeFileSync(join(box, ".q.tmp"), "SAY: by file");
  renameSync(join(box, ".q.tmp"), join(box, "out", "q.to_aux.md"));
  await letter(agents[1] ?? "", "by file");
  const said = await muster(["say", "c: SAY: by the console"]);
  expect(said).toMatchObject({ code: 0, err: "" });
  await letter("user", "by the console");
});

test("P68 /review leaves a bundle and reminds both", async () => {
  const { out } = await muster(["say", "/review"]);
  const folder = out.split(": ").at(-1) ?? "";
  expect(readdirSync(folder).sort()).toEqual(["POR.md", "notes.txt", "peer_message.txt"]);
  for (const agent of agents) await letter(agent, folder);
});

test("P63 P64 fault 16: /foreman now makes a run folder, and its letter reaches both as the user's words", async () => {
  expect((await muster(["say", "/foreman status"])).out).toMatch(
    /^Foreman: reuse_aux on \| next @ \d\d:\d\d \| cc: ON$/,
  );
  expect((await muster(["say", "/foreman now"])).out).toBe("the Foreman begins now");
  const { folder = "", code } = await ended("foreman", 1);
  expect(code).toBe(0);
  expect(folder).toStartWith(join(repo, ".muster", "work", "foreman"));
  expect(existsSync(join(folder, "to_peer.md"))).toBe(true);
  for (const agent of agents) {
    const {
      from,
      mid,
      path = "",
    } = await until("it is stored", async () => {
      const found = await letter(agent, "EVIDENCE: the build of src/a.ts:1 is red");
      return found.path !== undefined && found;
    });
    expect([from, mid]).toEqual(["user", expect.stringMatching(/^foreman-\d+-[0-9a-f]{6}$/)]);
    expect(path).toContain(mid);
    await until("its reader has put it away", async () => (await world.state()).messages[mid]?.isRead);
  }
  const state = JSON.parse(readFileSync(join(repo, ".muster", "state", "foreman.json"), "utf8"));
  expect(state).toMatchObject({ running: false, last_rc: "0", last_out_dir: folder, pid: null });
});

test("P12 muster evidence run proves a card, and ends with 1 when a check failed", async () => {
  const checks = "checks:\n  - {name: one, run: 'test -d .git && echo yes'}\n";
  write("card.yaml", `title: Cache\nkind: feature\n${checks}`);
  const passed = await muster(["evidence", "run", "card.yaml", "--json"]);
  const verdict = JSON.parse(passed.out);
  expect([passed.code, verdict]).toMatchObject([0, { isPassed: true, checks: [{ name: "one", code: 0 }] }]);
  expect(readFileSync(join(repo, verdict.log), "utf8")).toContain("yes\n[rc=0]");
  write("card.json", '{"title":"t","kind":"k","checks":[{"name":"two","run":"exit 4"}]}');
  const failed = await muster(["evidence", "run", "card.json"]);
  expect([failed.code, failed.out.split("\n").slice(0, 2)]).toEqual([
    1,
    ["t: failed", expect.stringMatching(/^rc=4 +two +/)],
  ]);
  write("bad.yaml", `title: t\nkind: k\nchecks:\n  - {name: one, run: 7}\n`);
  const bad = await muster(["evidence", "run", "bad.yaml"]);
  expect([bad.code, bad.err]).toEqual([
    64,
    expect.stringContaining("the card is wrong: checks.0.run: a text is needed"),
  ]);
  expect((await muster(["evidence", "run", "none.yaml"])).code).toBe(66);
});

test("P65 fault 14: letters pass a run at work; one that a killed daemon left is ended and told as interrupted, never run twice", async () => {
  await muster(["say", "/aux WRITE: begun.txt x\nDELAY: 60000\nWRITE: late.txt x"]);
  await until("it works", () => existsSync(join(repo, "begun.txt")));
  const mid = await world.send(agents[0] ?? "", "SAY: not kept waiting");
  expect((await world.client.settled(mid)).state).toBe("delivered");
  const before = (await errands("aux")).at(-1);
  expect(before?.endedAt).toBeUndefined();
  const { pid } = JSON.parse(readFileSync(join(before?.folder ?? "", "meta.json"), "utf8"));
  await world.kill();
  process.kill(pid, 0);
  await world.boot();
  const after = await ended("aux", 1);
  expect([after.id, after.reason, after.folder]).toEqual([before?.id, "interrupted", before?.folder]);
  await letter("user", "rc=interrupted");
  await until("its program is gone", () => {
    try {
      return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return true;
    }
  });
  expect(existsSync(join(repo, "late.txt"))).toBe(false);
});
