import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dialog, DialogKey, Pressed } from "../../src/core/dialog.ts";
import type { JobRow } from "../../src/core/job-row.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { until, World } from "../journeys/world.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";
const program = "missing" in cli ? "" : cli.program;
/** What this person has answered before: not that agents may do whatever they like. */
const SEED = {
  hasCompletedOnboarding: true,
  hasSeenAutoDefaultNotice: true,
  customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
  projects: { "/elsewhere": { allowedTools: ["x"] } },
};

describe.skipIf("missing" in cli)("the set-up of the person who runs Claude Code", () => {
  const world = new World();
  const work = join(world.folder, "work");
  const config = join(world.folder, ".claude.json");
  let model: ModelServer;
  let agent = "";

  beforeAll(async () => {
    model = startModelServer();
    mkdirSync(work);
    writeFileSync(config, JSON.stringify(SEED), { mode: 0o640 });
    const place = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY };
    await world.boot({ ...place, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1" });
  }, 30_000);
  afterAll(async () => {
    await world.end();
    await model.stop();
  }, 30_000);

  const row = () => world.client.get<JobRow>(`/api/jobs/${agent}`);
  const look = () => world.client.get<Dialog>(`/api/jobs/${agent}/dialog`);
  const press = async (key: DialogKey) => {
    const { screen } = await look();
    return world.client.post<Pressed>(`/api/actions/jobs/${agent}/dialog`, { screen, key });
  };
  const screen = async () => (await world.client.get<{ text: string }>(`/api/jobs/${agent}/capture`)).text;

  test("P61 (fault 23) a dialog that nobody has answered needs the person: it is told, and nothing is typed into it", async () => {
    const order = { agent: "claude", command: program, cwd: work, sandbox: "danger-full-access" };
    agent = await world.start("SAY: at last", order);
    await until("it needs the person", async () => (await row()).state === "needs_user");
    expect(await row()).toMatchObject({ activity: "waiting", detail: "a dialog is open on its screen" });
    expect(await screen()).toContain("Bypass Permissions");
    const { mid = "" } = (await world.state()).jobs[agent] ?? {};
    const waits = async () => (await world.state()).messages[mid];
    await until("its prompt says why it waits", async () => (await waits())?.reason === "a dialog of the CLI is open");
    expect(await waits()).toMatchObject({ state: "queued", attempt: 0 });
    await press("down");
    await until("Yes is chosen", async () => /❯\s*Yes/.test(await screen()));
    await press("enter");
    await until("the job is done", async () => (await row()).state === "idle" && (await row()).summary === "at last");
  }, 60_000);

  test("a question with choices is shown elsewhere, and answered by one key; the model hears which", async () => {
    const options = ["Blue", "Red"].map((label) => ({ label, description: `all in ${label}` }));
    const questions = [{ question: "Which colour?", header: "Colour", multiSelect: false, options }];
    const message = `CALL: AskUserQuestion ${JSON.stringify({ questions })}`;
    await world.client.post(`/api/actions/jobs/${agent}/send`, { message });
    await until("its choices", () => look().catch(() => null));
    const dialog = await look();
    expect(dialog.lines.slice(0, 2)).toEqual([" ☐ Colour", "Which colour?"]);
    expect(dialog.choices.slice(0, 2)).toEqual([
      { key: "1", label: "Blue" },
      { key: "2", label: "Red" },
    ]);
    // In the first second of a dialog the CLI takes no key; that is told.
    await until("the choice is taken", async () => (await press("2")).isTaken);
    await until("it rests", async () => (await row()).state === "idle");
    const { turn } = model.log.at(-1) ?? {};
    expect(JSON.stringify(turn?.toolResults)).toContain("Red");
    await until("the question is withdrawn", async () => (await row()).question === undefined);
    await expect(look()).rejects.toThrow("shows no dialog");
  }, 60_000);

  test("of the person's own files only trust in the folder was written, with a backup; hooks are this agent's alone", () => {
    expect(JSON.parse(readFileSync(`${config}.before-muster`, "utf8"))).toEqual(SEED);
    const now = JSON.parse(readFileSync(config, "utf8"));
    expect(now).toMatchObject(SEED);
    expect(now.projects[work]).toMatchObject({ hasTrustDialogAccepted: true });
    for (const name of ["settings.json", "settings.local.json"]) {
      const path = join(world.folder, ".claude", name);
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      expect(text).not.toContain("hooks");
      expect(text).not.toContain("muster");
    }
    expect(existsSync(join(work, ".claude"))).toBe(false);
    const argv = readFileSync(`/proc/${processOf(agent)}/cmdline`, "utf8").split("\0");
    expect(argv[argv.indexOf("--settings") + 1]).toBe(join(world.home.agents, agent, "settings.json"));
  });

  /** The process whose arguments name this agent's settings. */
  function processOf(id: string): string {
    const [pid = ""] = Bun.spawnSync(["pgrep", "-f", join(world.home.agents, id, "settings.json")])
      .stdout.toString()
      .split("\n");
    return pid;
  }
});
