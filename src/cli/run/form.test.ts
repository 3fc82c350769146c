import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScriptedAsker } from "../../../test/fakes/asker.ts";
import { fakeCall, fakeDaemon, premises } from "../../../test/fakes/call.ts";
import type { Premises } from "../../core/premises.ts";
import type { Refusal } from "../../core/refusal.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import type { Values } from "../command.ts";
import { formTeam, layoutOf } from "./form.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

interface Given {
  found?: Premises;
  flags?: Values;
  env?: Record<string, string>;
  answers?: (string | null)[];
  task?: string;
}

async function formed({ found = premises(), flags = {}, env = {}, answers, task }: Given) {
  const { client, posted } = fakeDaemon({
    "/api/premises": found,
    "/api/teams": { team: "r", agents: ["a1", "b2"] },
  });
  const { call } = fakeCall({ flags, env, client });
  const asker = answers ? new ScriptedAsker(answers) : null;
  const result = await formTeam(call, { client, repo: found.repo, task, asker });
  const body = (path: string) => posted.find(([to]) => to === path)?.[1] as Record<string, unknown> | undefined;
  const order = body("/api/teams") as { peerA: Record<string, unknown>; peerB?: Record<string, unknown> } & Record<
    string,
    unknown
  >;
  return { notes: result.notes, order, bound: body("/api/premises/bind"), posted, shown: asker?.shown ?? [] };
}

const refusal = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "granted",
    ({ code, message, hint }: Refusal) => `${code}: ${message}; ${hint}`,
  );

type Roles = Record<string, Record<string, unknown>>;

/** A repository in which a person has chosen; PeerB is claude unless the changes say otherwise. */
function saved(changes: SettingsChanges = {}, more: Partial<Premises> = {}): Premises {
  const profiles = changes.cli_profiles ?? {};
  const roles = (profiles.roles ?? {}) as Roles;
  const cli_profiles = { ...profiles, roles: { ...roles, peerB: { actor: "claude", ...roles.peerB } } };
  return premises({ ...changes, cli_profiles }, { saved: ["peerA", "peerB"], ...more });
}

test("P17 where nobody can be asked and nobody has chosen, the keys to write are named", async () => {
  expect(await refusal(formed({}))).toBe(
    "failed: nobody has chosen yet who sits where in /r; --peer-a and --peer-b name drivers, or write cli_profiles.yaml roles.peerA.actor, cli_profiles.yaml roles.peerB.actor, cli_profiles.yaml roles.aux.actor, foreman.yaml agent",
  );
});

test("P17 saved bindings are taken as they are where nobody can be asked", async () => {
  const changes = { cli_profiles: { roles: { peerA: { actor: "standin" }, peerB: { actor: "none" } } } };
  const { order, bound } = await formed({ found: saved(changes) });
  expect([order.peerA.driver, order.peerB]).toEqual(["standin", undefined]);
  expect(bound).toBeUndefined();
});

test("P16 flags go before the wizard and are kept; a driver that is not built in yet is replaced, and it is said", async () => {
  const { order, bound, notes } = await formed({ flags: { "peer-a": "standin" }, answers: [] });
  expect([order.peerA.driver, order.peerB?.driver]).toEqual(["standin", "claude"]);
  expect(bound).toEqual({ repo: "/r", bindings: { peerA: { driver: "standin" } }, layout: undefined });
  expect(notes).toEqual(["PeerB is claude: codex is not built in yet"]);
  const both = await formed({ flags: { "peer-a": "standin", "peer-b": "none" } });
  expect(both.notes).toEqual([]);
  expect(both.bound).toMatchObject({ bindings: { peerA: { driver: "standin" }, peerB: { driver: "none" } } });
});

test("P15 an unknown driver is refused with those there are, and nothing is kept", async () => {
  expect(await refusal(formed({ flags: { "peer-a": "cladue" } }))).toBe(
    "usage: PeerA: no driver named cladue; known: claude, standin",
  );
  expect(await refusal(formed({ flags: { "peer-a": "none" } }))).toBe("usage: PeerA is required; choose a driver");
  const changes = { cli_profiles: { roles: { peerA: { actor: "gemini" } } } };
  expect(await refusal(formed({ found: saved(changes) }))).toBe(
    "usage: PeerA: no driver named gemini; known: claude, standin",
  );
});

test("P17 what the wizard was told is kept with its level and offered again", async () => {
  const { order, bound, shown } = await formed({ answers: ["standin", "none", "", "reuse_aux", "workspace-write"] });
  expect(shown[0]).toStartWith("PeerA [claude]");
  expect(order).toMatchObject({ peerA: { driver: "standin", sandbox: "workspace-write" } });
  expect(order.peerB).toBeUndefined();
  expect(bound?.bindings).toEqual({
    peerA: { driver: "standin", sandbox: "workspace-write" },
    peerB: { driver: "none" },
    aux: { driver: "none" },
    foreman: { driver: "reuse_aux" },
  });
  const again = await formed({ found: saved(), answers: [""] });
  expect(again.shown[1]).toStartWith("Use previous bindings?");
  expect(again.bound).toBeUndefined();
});

test("P13 MUSTER_NO_WIZARD, --no-wizard and the settings each switch the wizard off, whoever sits at the terminal", async () => {
  const off = { cli_profiles: { roles_wizard: { enabled: false } } };
  for (const given of [
    { env: { MUSTER_NO_WIZARD: "1" } },
    { flags: { "no-wizard": true } },
    { found: saved(off) },
  ] as Given[])
    expect((await formed({ found: saved(), answers: [], ...given })).shown).toEqual([]);
  for (const MUSTER_NO_WIZARD of ["", "0"])
    expect((await formed({ found: saved(), answers: [""], env: { MUSTER_NO_WIZARD } })).shown).toHaveLength(2);
});

test("P5 --mock seats stand-ins, asks nothing, and keeps nothing", async () => {
  const { order, bound } = await formed({ flags: { mock: true }, answers: [] });
  expect([order.peerA.driver, order.peerB?.driver, bound]).toEqual(["standin", "standin", undefined]);
  const solo = await formed({ flags: { mock: true, "peer-b": "none" } });
  expect(solo.order.peerB).toBeUndefined();
});

test("P13 MUSTER_SESSION names the team unless --session does", async () => {
  const name = async (flags: Values, env: Record<string, string>) =>
    (await formed({ found: saved(), flags, env })).order.name;
  expect(await name({}, { MUSTER_SESSION: "one" })).toBe("one");
  expect(await name({ session: "two" }, { MUSTER_SESSION: "one" })).toBe("two");
  expect(await name({}, { MUSTER_SESSION: "" })).toBeUndefined();
});

test("P13 a driver's variable names its program in whichever seat it sits; the flag goes before it, the settings behind", async () => {
  const changes = {
    cli_profiles: { commands: { peerA: "from commands" } },
    agents: { actors: { claude: { peer: { command: "from agents" } } } },
  };
  const of = async (given: Given) => {
    const { order } = await formed({ found: saved(changes), ...given });
    return [order.peerA.command, order.peerB?.command];
  };
  const cli = `${process.execPath} --x`;
  expect(await of({})).toEqual(["from commands", "from agents"]);
  expect(await of({ env: { CLAUDE_I_CMD: cli } })).toEqual([cli, cli]);
  expect(await of({ env: { CLAUDE_I_CMD: cli }, flags: { "command-a": "mine" } })).toEqual(["mine", cli]);
  expect(await of({ env: { CODEX_I_CMD: cli } })).toEqual(["from commands", "from agents"]);
  expect(await refusal(of({ env: { CLAUDE_I_CMD: "no-such-cli", PATH: "/nowhere" } }))).toBe(
    "failed: CLAUDE_I_CMD names no-such-cli, which is no program in PATH (/nowhere); mend it",
  );
});

test("P18 each peer has its level of the settings, the flag goes before both, and one that cannot be enforced is refused", async () => {
  const changes = { cli_profiles: { roles: { peerB: { permissions: "read-only" } } } };
  const levels = async (flags: Values) => {
    const { order } = await formed({ found: saved(changes), flags });
    return [order.peerA.sandbox, order.peerB?.sandbox, order.accept];
  };
  expect(await levels({})).toEqual(["workspace-write", "read-only", undefined]);
  expect(await levels({ sandbox: "danger-full-access", accept: "full access" })).toEqual([
    ...["danger-full-access", "danger-full-access", "full access"],
  ]);
  expect(await refusal(formed({ flags: { "peer-a": "standin", sandbox: "read-only" } }))).toBe(
    "failed: PeerA: driver standin cannot enforce read-only; standin can enforce workspace-write",
  );
});

test("P18 who allows full access on the command line is not asked for it again", async () => {
  const flags = { sandbox: "danger-full-access", accept: "full access" };
  const { order, shown } = await formed({ found: saved(), flags, answers: [""] });
  expect(shown).toHaveLength(2);
  expect([order.peerA.sandbox, order.accept]).toEqual(["danger-full-access", "full access"]);
});

test("P22 what a driver needs of the environment goes with the order: from this shell, else asked for hidden", async () => {
  const changes = {
    cli_profiles: { env: { MODE: "team" } },
    agents: { actors: { claude: { env_require: ["A_KEY", "B_KEY"], peer: { env: { MODE: "claude" } } } } },
  };
  const found = saved(changes);
  const { order, shown } = await formed({ found, env: { A_KEY: "from shell" }, answers: ["", "typed"] });
  expect(shown.at(-1)).toBe("B_KEY: (hidden)");
  expect(order.peerA.env).toEqual({ MODE: "claude", A_KEY: "from shell", B_KEY: "typed" });
  expect(JSON.stringify(order.environment)).not.toContain("from shell");
  expect(await refusal(formed({ found, env: { A_KEY: "x" } }))).toStartWith(
    "failed: these variables are missing: B_KEY; ",
  );
  const other = await formed({ found, flags: { "peer-a": "standin", "peer-b": "standin" } });
  expect(other.order.peerA.env).toEqual({ MODE: "team" });
});

test("P19 P20 P21 P54 settings that are wrong stop a run with file, line and column; warnings are only told", async () => {
  const settings = (level: "error" | "warning") => ({
    settings: { hash: "", changes: {}, problems: [{ level, text: "/r/x.yaml:3:7 a.b: expected a text, got 3" }] },
  });
  expect(await refusal(formed({ found: saved({}, settings("error")) }))).toBe(
    "failed: /r/x.yaml:3:7 a.b: expected a text, got 3; mend the file; muster doctor lists everything that is wrong",
  );
  const { notes } = await formed({ found: saved({}, settings("warning")), flags: { "peer-b": "none" } });
  expect(notes).toEqual(["/r/x.yaml:3:7 a.b: expected a text, got 3"]);
});

test("P5 what becomes of unread letters goes with the order", async () => {
  const found = saved({}, { residual: { PeerA: ["1"] } });
  expect((await formed({ found, answers: ["", "d"] })).order.residual).toBe("discard");
  expect((await formed({ found })).order.residual).toBe("resume");
  expect((await formed({ found, answers: [], flags: { "no-wizard": true } })).order.residual).toBe("resume");
});

test("P24 a missing PROJECT.md: PeerA is asked to draft it, or the person writes it, or it is said in a line", async () => {
  const repo = mkdtempSync(join(tmpdir(), "muster-form-"));
  made.push(repo);
  const found = saved({}, { repo, hasBrief: false });
  const drafted = await formed({ found, answers: ["", "p"] });
  const [path, body] = drafted.posted.at(-1) ?? [];
  expect(path).toBe("/api/actions/jobs/a1/send");
  expect((body as { message: string }).message).toStartWith("PROJECT.md is missing. Please draft it");
  expect(drafted.notes).toEqual(["PeerA drafts PROJECT.md"]);
  const without = await formed({ found });
  expect(without.notes).toEqual(["PROJECT.md is missing: agents get no brief; muster init makes one to fill in"]);
  expect(without.posted.map(([to]) => to)).toEqual(["/api/teams"]);
  const editor = process.env.EDITOR;
  process.env.EDITOR = "true";
  delete process.env.VISUAL;
  await formed({ found, answers: ["", "w"] });
  if (editor === undefined) delete process.env.EDITOR;
  else process.env.EDITOR = editor;
  expect(readFileSync(join(repo, "PROJECT.md"), "utf8")).toStartWith("# What this project is for");
});

test("P79 the shape of the window is kept in the settings before the team starts; an unknown one is refused", async () => {
  const { posted } = await formed({ found: saved(), flags: { layout: "quad" } });
  expect(posted).toMatchObject([
    ["/api/premises/bind", { bindings: {}, layout: "quad" }],
    ["/api/teams", {}],
  ]);
  expect(await refusal((async () => layoutOf({ layout: "round" }))())).toBe(
    "usage: round is no layout; standard, solo, quad",
  );
});
