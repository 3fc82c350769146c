import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../test/fakes/git-lab.ts";
import { House } from "../../test/fakes/house.ts";
import { SETTINGS_FILES } from "../core/settings/settings.ts";
import { openMailbox } from "../mailbox/folders.ts";
import type { PremisesDesk } from "../server/parts.ts";
import type { Parts } from "./parts.ts";
import { premisesOf } from "./premises.ts";

let it: House;
let lab: Lab;
let desk: PremisesDesk;

const failure = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "granted",
    ({ code, message, hint }) => `${code}: ${message}; ${hint}`,
  );
const form = () => {
  it.dispatch({ do: "form", team: "t", topology: "solo", repo: lab.repo, seats: [], hires: [], letters: [] });
};

beforeEach(() => {
  it = new House();
  lab = new Lab();
  desk = premisesOf({ engine: it.engine, env: lab.env, clock: it.clock } as unknown as Parts);
});
afterEach(async () => {
  lab.end();
  await it.end();
});

test("a start finds the settings, who was chosen, what is left, and the drivers there are", async () => {
  expect(await desk.look(lab.repo)).toMatchObject({
    repo: lab.repo,
    settings: { changes: {}, problems: [] },
    ...{ saved: [], isPermitted: false, residual: {}, hasBrief: false, hasBoard: false },
  });
  const { drivers } = await desk.look(lab.repo);
  expect(drivers.map(({ name }) => name)).toContain("standin");
  expect(drivers.find(({ name }) => name === "claude")).toEqual({
    name: "claude",
    program: { name: "claude", install: expect.any(String) },
    permissions: ["read-only", "workspace-write", "danger-full-access"],
  });
  await desk.write(lab.repo, [
    { file: "cli_profiles", path: ["roles", "peerB", "actor"], value: "none" },
    { file: "foreman", path: ["agent"], value: "reuse_aux" },
  ]);
  await openMailbox(lab.repo, "t", ["PeerA"]);
  lab.write(".muster/mailbox/peerA/inbox/1.txt", "x");
  for (const path of ["PROJECT.md", "docs/por/POR.md"]) lab.write(path, "x");
  it.dispatch({ do: "permit", repo: lab.repo });
  expect(await desk.look(lab.repo)).toMatchObject({
    settings: { changes: { cli_profiles: { roles: { peerB: { actor: "none" } } } }, problems: [] },
    ...{
      saved: ["peerB", "foreman"],
      isPermitted: true,
      residual: { PeerA: ["1.txt"] },
      hasBrief: true,
      hasBoard: true,
    },
  });
  expect(lab.git("status", "--short").split("\n").sort()).toEqual(["", "?? PROJECT.md", "?? docs/"]);
});

test("S44 settings that git tracks came with the repository, and nobody goes by them", async () => {
  lab.write(".muster/settings/agents.yaml", "actors: {claude: {peer: {command: evil}}}\n");
  expect((await desk.look(lab.repo)).settings.problems).toEqual([]);
  lab.git("add", "--force", ".muster/settings/agents.yaml");
  const path = join(lab.repo, ".muster/settings/agents.yaml");
  expect((await desk.look(lab.repo)).settings.problems).toEqual([
    {
      level: "error",
      text: `${path}:1:1 : git tracks it, so it is somebody else's; git rm -r --cached .muster/ takes it out`,
    },
  ]);
});

test("P7 a reset is refused while a team runs there, and says what to do", async () => {
  lab.write(".muster/state/x", "1");
  form();
  expect(await failure(desk.reset(lab.repo, false))).toBe(
    `state: team t is running in ${lab.repo}; muster stop it first`,
  );
  it.dispatch({ do: "stop", team: "t", reason: "x" });
  expect(await desk.reset(lab.repo, false)).toEqual({ purged: [".muster/state"], archived: [] });
});

test("what the file system refuses is said with the path; a folder that is none is refused", async () => {
  mkdirSync(join(lab.repo, ".muster"));
  writeFileSync(join(lab.repo, ".muster/settings"), "a file");
  expect(await failure(desk.upgrade(lab.repo, false))).toBe(
    `state: ${lab.repo}/.muster/settings is not a folder of its own; remove it; Muster makes it again`,
  );
  expect(await failure(desk.look("/nowhere"))).toBe("usage: /nowhere is not a folder; give an existing one");
});

test("P2 an upgrade that is only looked at changes nothing", async () => {
  const files = await desk.upgrade(lab.repo, true);
  expect(files.map(({ what }) => what)).toEqual(SETTINGS_FILES.map(() => "created"));
  expect(lab.git("status", "--short", "--ignored")).toBe("");
});
