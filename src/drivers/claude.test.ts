import { expect, test } from "bun:test";
import type { Hire, Permission } from "../core/facts.ts";
import type { Place } from "../core/ports.ts";
import { claude } from "./claude.ts";

const place: Place = {
  folder: "/m/agents/a1b2c3d4",
  receipts: "/m/receipts/a1b2c3d4/1",
  seen: "/m/seen",
  spool: "/m/spool",
  letters: "/w/.muster/mailbox/inbox",
  home: "/home/u",
  socket: "/m/daemon.sock",
  muster: ["muster"],
};
const hire = (more: Partial<Hire> = {}): Hire => ({
  agent: "a1b2c3d4",
  driver: "claude",
  cwd: "/w",
  permission: "workspace-write",
  ...more,
});
const settings = (permission: Permission) => {
  const file = claude.launch(hire({ permission }), place).files.find((one) => one.path === "settings.json");
  return JSON.parse(file?.text ?? "{}");
};
const after = (argv: string[], flag: string): string | undefined => argv[argv.indexOf(flag) + 1];

test("a fresh start chooses a session of its own for each incarnation", () => {
  const of = (receipts: string) => after(claude.launch(hire(), { ...place, receipts }).argv, "--session-id");
  expect(of("/r/1")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(of("/r/1")).toBe(of("/r/1") as string);
  expect(of("/r/1")).not.toBe(of("/r/2") as string);
});

test("a restart resumes and chooses nothing", () => {
  const { argv } = claude.launch(hire(), place, "s-1");
  expect(after(argv, "--resume")).toBe("s-1");
  expect(argv).not.toContain("--session-id");
});

test("the program is the person's command where one is given", () => {
  expect(claude.launch(hire(), place).argv[0]).toBe("claude");
  const { argv } = claude.launch(hire({ command: " my-claude  --debug " }), place);
  expect(argv.slice(0, 2)).toEqual(["my-claude", "--debug"]);
});

test("model, effort and who it is are handed on", () => {
  const { argv, env } = claude.launch(hire({ model: "opus", effort: "high", team: "t1", seat: "PeerA" }), place);
  expect(after(argv, "--model")).toBe("opus");
  expect(after(argv, "--effort")).toBe("high");
  expect(env).toMatchObject({ MUSTER_AGENT: "a1b2c3d4", MUSTER_TEAM: "t1", MUSTER_SEAT: "PeerA" });
});

const modes: [Permission, string][] = [
  ["read-only", "dontAsk"],
  ["workspace-write", "acceptEdits"],
  ["danger-full-access", "bypassPermissions"],
];
for (const [permission, mode] of modes)
  test(`A4 ${permission} names its mode, and no agent talks past the log`, () => {
    expect(after(claude.launch(hire({ permission }), place).argv, "--permission-mode")).toBe(mode);
    expect(settings(permission)).toMatchObject({ crossSessionInbound: "refuse", promptSuggestionEnabled: false });
    expect(settings(permission).permissions.deny).toEqual(expect.arrayContaining(["ListAgents", "SendMessage"]));
    expect(claude.abilities.permissions[permission]).toBeString();
  });

test("read-only has a closed list of tools and no servers", () => {
  const { argv } = claude.launch(hire({ permission: "read-only" }), place);
  expect(after(argv, "--tools")).toBe("Read,Glob,Grep");
  expect(argv).toContain("--strict-mcp-config");
  expect(settings("read-only").permissions.deny).toEqual(expect.arrayContaining(["Bash", "Write", "Edit"]));
});

test("letters may be read without asking, and no folder is added: that would ask", () => {
  expect(settings("workspace-write").permissions.allow).toEqual(["Read(//w/.muster/mailbox/inbox/**)"]);
  expect(claude.launch(hire(), place).argv).not.toContain("--add-dir");
});

test("only workspace-write asks for the CLI's sandbox", () => {
  expect(settings("workspace-write").sandbox.enabled).toBe(true);
  expect(settings("danger-full-access").sandbox).toBeUndefined();
});

test("the record and the answers are where Claude Code looks for them", () => {
  expect(claude.record?.(place, 7)).toBe("/home/u/.claude/sessions/7.json");
  expect(claude.answer?.("deny", "no")).toEqual({
    hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "deny", message: "no" } },
  });
});

test("A55 A57 a lead is told its role by the CLI's own option, and only its own command leaves the sandbox", () => {
  const written = (of: Hire) =>
    JSON.parse(claude.launch(of, place).files.find(({ path }) => path === "settings.json")?.text ?? "");
  const lead: Hire = { ...hire(), agent: "orch", role: "You lead." };
  expect(claude.launch(lead, place).argv.slice(-2)).toEqual(["--append-system-prompt", "You lead."]);
  expect(written(lead)).toMatchObject({
    permissions: { allow: [expect.any(String), "Bash(muster:*)"] },
    sandbox: { enabled: true, excludedCommands: ["muster", "muster *"] },
  });
  expect(written(hire()).sandbox).toEqual({ enabled: true, autoAllowBashIfSandboxed: true });
  expect(written({ ...lead, permission: "read-only" }).permissions.allow).toEqual(["Read", "Glob", "Grep"]);
});
