import { afterAll, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ran } from "../../../test/fakes/call.ts";
import { homeAt } from "../../client/home.ts";
import { command as removing } from "../remove-hooks.ts";
import { command as setting } from "../setup-hooks.ts";
import { setUp } from "./set-up.ts";
import { readSettings, replaceSettings } from "./settings-file.ts";

const root = mkdtempSync(join(tmpdir(), "muster-hooks-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A person's home with these settings, and Muster's home in it. */
function person(text: string | null) {
  const home = mkdtempSync(join(root, "home-"));
  const settings = join(home, ".claude", "settings.json");
  mkdirSync(join(home, ".claude"));
  if (text !== null) writeFileSync(settings, text, { mode: 0o640 });
  // The umask of whoever runs this must not matter.
  if (text !== null) chmodSync(settings, 0o646);
  const order = (flags: Record<string, boolean>) => ({
    flags,
    home: join(home, ".muster"),
    env: { HOME: home, CLAUDE_CONFIG_DIR: "" },
  });
  return {
    ...{ home, settings },
    read: () => readFileSync(settings, "utf8"),
    backups: () => readdirSync(join(home, ".claude")).filter((name) => name.startsWith("settings.json.bak-")),
    setUp: (flags: Record<string, boolean> = { yes: true }) => ran(setting, order(flags)),
    remove: (flags: Record<string, boolean> = { yes: true }) => ran(removing, order(flags)),
  };
}

const TEXT = '{\n  // my model\n  "model": "opus",\n  "unknown": { "z": 1, "a": [2] },\n}\n';

test("A23 setup-hooks shows the change, keeps a backup, and remove-hooks brings back every byte and the mode", async () => {
  const one = person(TEXT);
  const { out, code } = await one.setUp();
  expect(code).toBe(0);
  expect(out).toContain('+   "hooks": {');
  expect(one.read()).toContain("relay-event.sh");
  expect(one.read()).toStartWith(TEXT.slice(0, TEXT.lastIndexOf("\n}")));
  expect(one.backups().map((name) => readFileSync(join(one.home, ".claude", name), "utf8"))).toEqual([TEXT]);
  expect(one.backups()[0]).toMatch(/^settings\.json\.bak-\d{8}T\d{9}Z$/);
  expect(statSync(join(one.home, ".muster/hooks/relay-event.sh")).mode & 0o777).toBe(0o700);
  expect((await one.remove()).code).toBe(0);
  expect(one.read()).toBe(TEXT);
  expect(statSync(one.settings).mode & 0o777).toBe(0o646);
  expect(existsSync(join(one.home, ".muster/hooks"))).toBe(false);
});

test("A23 a second setup-hooks changes nothing and makes no second backup; neither does a second remove-hooks", async () => {
  const one = person(TEXT);
  await one.setUp();
  const after = one.read();
  expect((await one.setUp()).out).toContain("has them already");
  expect([one.read(), one.backups().length]).toEqual([after, 1]);
  await one.remove();
  expect((await one.remove()).out).toContain("Nothing of ours");
  expect(one.backups()).toHaveLength(2);
});

test("A23 where there were no settings there are none after remove-hooks", async () => {
  const one = person(null);
  await one.setUp();
  expect(JSON.parse(one.read()).hooks.PostToolUse[0].matcher).toBe("Write|Edit|Bash");
  expect(statSync(one.settings).mode & 0o777).toBe(0o600);
  await one.remove();
  expect(existsSync(one.settings)).toBe(false);
});

test("A23 without --yes and without a terminal the change is shown and not made", async () => {
  const one = person(TEXT);
  const { out, err, code } = await one.setUp({});
  expect([code, one.read(), one.backups().length]).toEqual([64, TEXT, 0]);
  expect(out).toContain("relay-event.sh");
  expect(err).toContain("--yes agrees");
});

test("25 A23 settings that cannot be read are refused with line and column, and stay as they are", async () => {
  for (const text of ['{\n  "a": 1\n  "b": 2\n}', "{", "\xff".repeat(3)]) {
    const one = person(null);
    writeFileSync(one.settings, Buffer.from(text, "latin1"));
    for (const call of [one.setUp, one.remove]) {
      const { err, code } = await call();
      expect(code).toBe(1);
      expect(err).toContain(
        text === "{" ? ":1:2: " : text.startsWith("{") ? "settings.json:3:3: a comma" : "it is not UTF-8",
      );
    }
    expect(readFileSync(one.settings, "latin1")).toBe(text);
    expect(readdirSync(join(one.home, ".claude"))).toEqual(["settings.json"]);
    expect(existsSync(join(one.home, ".muster"))).toBe(false);
  }
});

test("A23 settings that Claude Code does not load, because of remarks, get the hooks and a word about it", async () => {
  expect((await person(TEXT).setUp()).out).toContain("does not load settings with remarks");
  expect((await person('{"a": 1}').setUp()).out).not.toContain("does not load");
});

test("A23 an empty file is no settings, and empty again after remove-hooks", async () => {
  const one = person("");
  await one.setUp();
  expect(Object.keys(JSON.parse(one.read()))).toEqual(["hooks"]);
  await one.remove();
  expect(one.read()).toBe("");
});

test("A23 what somebody writes while the person is asked is not overwritten", async () => {
  const one = person(TEXT);
  const change = setUp(homeAt(join(one.home, ".muster")), { HOME: one.home, CLAUDE_CONFIG_DIR: "" }, false);
  writeFileSync(one.settings, '{"theirs": 1}');
  expect(() => change.make(new Date())).toThrow("was changed meanwhile");
  expect([one.read(), one.backups()]).toEqual(['{"theirs": 1}', []]);
});

test("A23 a linked settings file is changed where it is, and the link stays", async () => {
  const one = person(null);
  const real = join(one.home, "dotfiles.json");
  writeFileSync(real, TEXT);
  symlinkSync("../dotfiles.json", one.settings);
  await one.setUp();
  expect(lstatSync(one.settings).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toContain("relay-event.sh");
  await one.remove();
  expect(readFileSync(real, "utf8")).toBe(TEXT);
  expect(lstatSync(one.settings).isSymbolicLink()).toBe(true);
});

test("A23 a link to nowhere, a folder, and another user's file are refused", async () => {
  const nowhere = person(null);
  symlinkSync("gone.json", nowhere.settings);
  expect((await nowhere.setUp()).err).toContain("a link that leads nowhere");
  const folder = person(null);
  mkdirSync(folder.settings);
  expect((await folder.setUp()).err).toContain("it is not a plain file");
  if (process.getuid?.() !== 0) return;
  const foreign = person(TEXT);
  chownSync(foreign.settings, 12345, 12345);
  const link = person(null);
  writeFileSync(join(link.home, "mine.json"), TEXT);
  symlinkSync("../mine.json", link.settings);
  lchownSync(link.settings, 12345, 12345);
  expect((await link.setUp()).err).toContain("a link that belongs to another user");
  expect((await foreign.setUp()).err).toContain("it belongs to another user");
  expect(foreign.read()).toBe(TEXT);
});

test("A23 CLAUDE_CONFIG_DIR names the folder of the settings", async () => {
  const one = person(null);
  const other = join(one.home, "elsewhere");
  const env = { HOME: one.home, CLAUDE_CONFIG_DIR: other };
  await ran(setting, { flags: { yes: true }, home: join(one.home, ".muster"), env });
  expect(existsSync(join(other, "settings.json"))).toBe(true);
  expect(existsSync(one.settings)).toBe(false);
});

test("A109 --statusline is added once, kept by a later setup-hooks without it, and goes with the hooks", async () => {
  const one = person(TEXT);
  await one.setUp({ yes: true, statusline: true });
  expect(one.read()).toContain("hooks/statusline.sh");
  await one.setUp();
  expect(one.read()).toContain("hooks/statusline.sh");
  await one.remove();
  expect(one.read()).toBe(TEXT);
});

test("A109 where a person has a status line it stays, and that is said", async () => {
  const text = '{"statusLine": {"type": "command", "command": "date"}}';
  const one = person(text);
  expect((await one.setUp({ yes: true, statusline: true })).out).toContain("Your own status line stays");
  expect(JSON.parse(one.read()).statusLine.command).toBe("date");
});

test("A50 the relay leaves a payload as it is, ends with 0 whatever happens, and is silent for agents of Muster", async () => {
  const one = person(null);
  await one.setUp();
  const spool = join(one.home, ".muster/spool");
  const { command } = JSON.parse(one.read()).hooks.PreToolUse[0].hooks[0];
  const hook = (payload: string, env: Record<string, string> = {}) => {
    const done = Bun.spawnSync(["sh", "-c", command], {
      stdin: Buffer.from(payload),
      env: { PATH: process.env.PATH ?? "", ...env },
    });
    return [done.exitCode, done.stdout.toString() + done.stderr.toString()];
  };
  const big = `{"hook_event_name":"PreToolUse","text":"${"ä\\n".repeat(300_000)}"}\n`;
  expect(hook(big)).toEqual([0, ""]);
  const [name = ""] = readdirSync(spool);
  expect(name).toMatch(/^user\.\d+\.\d+\.json$/);
  expect(readFileSync(join(spool, name), "utf8")).toBe(big);
  expect(hook(big, { MUSTER_AGENT: "0123abcd" })).toEqual([0, ""]);
  expect(readdirSync(spool)).toHaveLength(1);
  rmSync(spool, { recursive: true });
  expect(hook("{}")).toEqual([0, ""]);
  writeFileSync(spool, "no folder");
  expect(hook("{}")).toEqual([0, ""]);
  rmSync(join(one.home, ".muster"), { recursive: true });
  expect(hook("{}")).toEqual([0, ""]);
});

test("A50 while too many events wait, only those before a tool's use are dropped, and counted", async () => {
  const one = person(null);
  await one.setUp();
  const folder = join(one.home, ".muster");
  const path = join(folder, "hooks/relay-event.sh");
  writeFileSync(path, readFileSync(path, "utf8").replace("-gt 10000", "-gt 3").replace("*[05]0)", "*)"));
  chmodSync(path, 0o700);
  const { hooks } = JSON.parse(one.read());
  const hook = (event: string) =>
    Bun.spawnSync(["sh", "-c", hooks[event][0].hooks[0].command], { stdin: Buffer.from("{}\n"), env: {} }).exitCode;
  for (let count = 0; count < 6; count++) expect(hook("Stop")).toBe(0);
  expect(existsSync(join(folder, "hooks/full"))).toBe(true);
  for (let count = 0; count < 3; count++) expect(hook("PreToolUse")).toBe(0);
  expect(readFileSync(join(folder, "hooks/dropped"), "utf8")).toBe("...");
  expect(readdirSync(join(folder, "spool"))).toHaveLength(6);
  for (const name of readdirSync(join(folder, "spool"))) rmSync(join(folder, "spool", name));
  expect(hook("PreToolUse")).toBe(0);
  expect(readdirSync(join(folder, "spool"))).toHaveLength(1);
});

test("A23 changes of one moment keep a backup each, and none is written over", () => {
  const one = person("{}");
  const at = new Date(0);
  const kept = ["{ }", "{  }", "{   }"].map((text) => replaceSettings(readSettings(one.settings), text, at));
  const first = `${one.settings}.bak-19700101T000000000Z`;
  expect(kept).toEqual([first, `${first}-2`, `${first}-3`]);
  expect(kept.map((path) => readFileSync(path ?? "", "utf8"))).toEqual(["{}", "{ }", "{  }"]);
  expect(one.read()).toBe("{   }");
});
