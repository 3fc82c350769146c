import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUp, takeDown } from "../../src/cli/hooks/set-up.ts";
import { homeAt } from "../../src/client/home.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { until } from "../journeys/world.ts";
import { ROOT } from "../sources.ts";
import { cli } from "./install.ts";
import { environmentFor } from "./seed.ts";

describe.skipIf("missing" in cli)("real Claude Code that a person starts", () => {
  const root = mkdtempSync(join(tmpdir(), "muster-own-"));
  const work = join(root, "work");
  let model: ModelServer;
  beforeAll(() => {
    mkdirSync(work);
    model = startModelServer();
  });
  afterAll(async () => {
    await model.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A person's home with Muster's in it. */
  function person(name: string) {
    const folder = join(root, name);
    mkdirSync(join(folder, ".claude"), { recursive: true });
    const home = homeAt(join(folder, ".muster"));
    const env = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: folder,
      SHELL: "/bin/bash",
      ...environmentFor(model.url),
    };
    const claude = async (args: string[], more: Record<string, string> = {}) => {
      if ("missing" in cli) throw new Error("no CLI");
      const ran = Bun.spawn([cli.program, ...args], {
        cwd: work,
        env: { ...env, ...more },
        stdout: "pipe",
        stderr: "pipe",
      });
      const [out, err] = await Promise.all([new Response(ran.stdout).text(), new Response(ran.stderr).text()]);
      return { said: out + err, code: await ran.exited };
    };
    const heard = () =>
      readdirSync(home.spool)
        .map((file) => JSON.parse(readFileSync(join(home.spool, file), "utf8")))
        .map(({ hook_event_name: event, tool_name: tool }) => (tool ? `${event} ${tool}` : event))
        .sort();
    return { home, env, claude, heard, settings: join(folder, ".claude/settings.json") };
  }

  const PROMPT = ["-p", "SCRIPT: echo hello > made.txt\nSAY: done", "--permission-mode", "bypassPermissions"];
  const EXPECTED = ["PostToolUse Bash", "PreToolUse Bash", "SessionEnd", "SessionStart", "Stop"];

  test("A23 A49 with the hooks of setup-hooks every session is heard; after remove-hooks none", async () => {
    const { home, env, claude, heard, settings } = person("hooks");
    const before = '{\n  "includeCoAuthoredBy":   false }';
    writeFileSync(settings, before);
    setUp(home, env, false).make(new Date());
    const { said, code } = await claude(PROMPT);
    expect([code, said.trim()]).toEqual([0, "done"]);
    await until("all of them are written", () => heard().length >= EXPECTED.length);
    expect(heard()).toEqual(EXPECTED);
    expect((await claude(PROMPT, { MUSTER_AGENT: "0a1b2c3d" })).code).toBe(0);
    expect(heard()).toEqual(EXPECTED);
    takeDown(home, env).make(new Date());
    expect(readFileSync(settings, "utf8")).toBe(before);
    expect((await claude(PROMPT)).code).toBe(0);
    expect(heard()).toEqual(EXPECTED);
  }, 60_000);

  test("A105 the plugin is valid, can be installed, and its hooks are heard", async () => {
    const { home, claude, heard } = person("plugin");
    const folder = join(ROOT, "plugin");
    for (const path of [folder, join(folder, "plugins/muster")]) {
      const { said, code } = await claude(["plugin", "validate", "--strict", path]);
      expect([code, said]).toEqual([0, expect.stringContaining("Validation passed")]);
    }
    expect((await claude(["plugin", "marketplace", "add", folder])).code).toBe(0);
    expect((await claude(["plugin", "install", "muster@muster"])).code).toBe(0);
    expect((await claude(["plugin", "details", "muster"])).said).toContain(
      "cartographer, orchestrator, requirements, update",
    );
    mkdirSync(home.spool, { recursive: true });
    expect((await claude(PROMPT)).code).toBe(0);
    await until("all of them are written", () => heard().length >= EXPECTED.length);
    expect(heard()).toEqual(EXPECTED);
  }, 60_000);
});
