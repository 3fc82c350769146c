import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentEnvironment } from "../../src/core/environment.ts";
import { type InvocationOrder, invocation } from "../../src/core/errands/invocation.ts";
import type { Permission } from "../../src/core/facts.ts";
import { settingsFrom } from "../../src/core/settings/settings.ts";
import { systemPrograms } from "../../src/programs/programs.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { cli } from "./install.ts";
import { environmentFor } from "./seed.ts";

describe.skipIf("missing" in cli)("real Claude Code as Aux", () => {
  const root = mkdtempSync(join(tmpdir(), "muster-errand-"));
  const repo = join(root, "repo");
  let model: ModelServer;
  beforeAll(() => {
    for (const folder of [repo, join(root, "home")]) mkdirSync(folder);
    model = startModelServer();
  });
  afterAll(async () => {
    await model.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  /** One errand as the engine starts it: its end, and what it said. */
  async function run(prompt: string, permission: Permission) {
    if ("missing" in cli) throw new Error("no CLI");
    const order: InvocationOrder = {
      ...{ actor: "claude", role: "aux", settings: settingsFrom(), permission, prompt, muster: [] },
      program: cli.program,
    };
    const own = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: join(root, "home"), SHELL: "/bin/bash" };
    return systemPrograms.run({
      ...invocation(order),
      ...{ cwd: repo, limitMs: 60_000, signal: new AbortController().signal },
      env: agentEnvironment("claude", { ...own, ...environmentFor(model.url) }),
      folder: await systemPrograms.open(repo, "aux", "20261126-072301", {}),
    });
  }

  test("P66 reads the whole prompt from standard input, prints its answer and ends", async () => {
    const ended = await run(`SAY: two callers\n${"x".repeat(200_000)} the very end`, "read-only");
    expect(ended).toMatchObject({ code: 0, end: "own" });
    expect(ended.stdout.trim()).toBe("two callers");
    expect(model.log.flatMap(({ turn }) => turn.said).join("\n")).toContain("the very end");
  });

  test("P18 its level decides whether it writes", async () => {
    const prompt = (name: string) => `WRITE: ${join(repo, name)} hello\nSAY: tried`;
    expect((await run(prompt("no.txt"), "read-only")).code).toBe(0);
    expect(existsSync(join(repo, "no.txt"))).toBe(false);
    const tools = model.log.at(-1)?.turn.tools.filter((tool) => tool !== "DeferredToolPlaceholder");
    expect(tools?.toSorted()).toEqual(["Glob", "Grep", "Read"]);
    expect((await run(prompt("yes.txt"), "workspace-write")).code).toBe(0);
    expect(existsSync(join(repo, "yes.txt"))).toBe(true);
    expect((await run(prompt("also.txt"), "danger-full-access")).code).toBe(0);
    expect(existsSync(join(repo, "also.txt"))).toBe(true);
  });
});
