import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ran } from "../../test/fakes/call.ts";
import { command } from "./health.ts";
import { command as setting } from "./setup-hooks.ts";

const root = mkdtempSync(join(tmpdir(), "muster-health-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A machine that has these programs, each saying one line. */
function machine(programs: Record<string, string>) {
  const folder = mkdtempSync(join(root, "machine-"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const [name, says] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const order = { home: join(folder, "muster"), env: { PATH: bin, HOME: folder } };
  return { folder, bin, order, health: (isJson = false) => ran(command, { ...order, isJson }) };
}

const ALL = { git: "git version 2.39.5", tmux: "tmux 3.4", claude: "2.1.328 (Claude Code)" };

test("A20 health names version and path of each program, login, hooks, daemon and disk, and says Ready", async () => {
  const { bin, health } = machine({ ...ALL, codex: "codex-cli 0.9" });
  const { out, code } = await health();
  expect(code).toBe(0);
  expect(out).toContain("tmux: OK tmux 3.4");
  expect(out).toContain(`claude: OK 2.1.328 (Claude Code)  ${bin}/claude`);
  expect(out).toContain("codex: note codex-cli 0.9");
  expect(out).toMatch(/^bun: OK \d/m);
  expect(out).toMatch(/^disk: OK .* GB free$/m);
  expect(out).toContain("login: note claude: no login seen");
  expect(out).toContain("hooks: note not installed; muster setup-hooks");
  expect(out).toContain("daemon: note not running");
  expect(out).toEndWith("Status: Ready");
});

test("A20 what is missing is listed, and the exit code is 1", async () => {
  const { health } = machine({ tmux: "tmux 2.9" });
  const { out, code } = await health();
  expect(code).toBe(1);
  expect(out).toEndWith("Status: not ready: git, tmux");
  const json = await health(true);
  expect(JSON.parse(json.out).missing).toEqual(["git", "tmux"]);
});

test("A20 a login is seen by its file, its account or its variable; no secret is shown", async () => {
  const { folder, order, health } = machine(ALL);
  writeFileSync(join(folder, ".claude.json"), JSON.stringify({ oauthAccount: { emailAddress: "a@b" } }));
  expect((await health()).out).toContain("login: OK claude: logged in");
  const keyed = { ...order, env: { ...order.env, ANTHROPIC_API_KEY: "sk-secret" } };
  const { out } = await ran(command, keyed);
  expect(out).toContain("logged in by ANTHROPIC_API_KEY");
  expect(out).not.toContain("sk-secret");
});

test("A20 hooks are looked at: there, without their program, switched off, in part, unreadable", async () => {
  const { folder, order, health } = machine(ALL);
  const settings = join(folder, ".claude/settings.json");
  const hooks = async () => (await health()).out.match(/^hooks: .*$/m)?.[0] ?? "";
  await ran(setting, { ...order, flags: { yes: true } });
  expect(await hooks()).toBe(`hooks: OK in ${settings}`);
  const whole = await Bun.file(settings).json();
  writeFileSync(settings, `// mine\n${JSON.stringify(whole)}`);
  expect(await hooks()).toContain("which Claude Code does not load");
  writeFileSync(settings, JSON.stringify({ ...whole, disableAllHooks: true }));
  expect(await hooks()).toContain("disableAllHooks");
  delete whole.hooks.Stop;
  writeFileSync(settings, JSON.stringify(whole));
  expect(await hooks()).toContain("lacks Stop");
  rmSync(join(folder, "muster/hooks"), { recursive: true });
  expect(await hooks()).toContain("a program that is gone");
  writeFileSync(settings, "{");
  expect(await hooks()).toContain("MISSING");
  expect((await health()).code).toBe(1);
});
