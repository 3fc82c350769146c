import { expect, test } from "bun:test";
import type { Permission } from "../facts.ts";
import { settingsFrom } from "../settings/settings.ts";
import { type InvocationOrder, invocation } from "./invocation.ts";

const of = (actor: string, more: Partial<InvocationOrder> = {}) =>
  invocation({
    ...{ actor, role: "aux", permission: "workspace-write", prompt: "do it; now", muster: ["bun", "main.ts"] },
    settings: settingsFrom(),
    ...more,
  });
const withCommand = (invoke_command: string) =>
  settingsFrom({
    agents: { actors: { claude: { aux: { invoke_command }, foreman: { invoke_command: "f {prompt}" } } } },
  });

test("P67 each driver takes the prompt as one argument or on standard input", () => {
  expect(of("claude")).toEqual({ argv: ["claude", "-p", "--permission-mode", "acceptEdits"], stdin: "do it; now" });
  expect(of("claude-code").argv[0]).toBe("claude");
  expect(of("codex")).toEqual({ argv: ["codex", "exec", "do it; now"] });
  expect(of("gemini")).toEqual({ argv: ["gemini", "-p", "do it; now"] });
  expect(of("droid")).toEqual({ argv: ["droid", "exec", "do it; now"] });
  expect(of("opencode")).toEqual({ argv: ["opencode", "run", "do it; now"] });
});

test("P67 the level of the role becomes the CLI's own mode", () => {
  const modes: [Permission, string][] = [
    ["read-only", "plan"],
    ["workspace-write", "acceptEdits"],
    ["danger-full-access", "bypassPermissions"],
  ];
  for (const [permission, mode] of modes)
    expect([permission, of("claude", { permission }).argv[3]]).toEqual([permission, mode]);
});

test("P18 who may only read has reading tools only", () => {
  expect(of("claude", { permission: "read-only" }).argv.slice(4)).toEqual([
    ...["--strict-mcp-config", "--tools", "Read,Glob,Grep"],
  ]);
});

test("P13 a person's own program for a driver is started in its place, its command for the role wins", () => {
  expect(of("codex", { program: " my-codex --x " }).argv).toEqual(["my-codex", "--x", "exec", "do it; now"]);
  expect(of("claude", { program: "c" }).argv).toEqual(["c", "-p", "--permission-mode", "acceptEdits"]);
  expect(of("claude", { program: "c", settings: withCommand("mine") }).argv).toEqual(["mine"]);
});

test("a prompt that looks like an option stays a text", () => {
  expect(of("codex", { prompt: "--full-auto" }).argv).toEqual(["codex", "exec", " --full-auto"]);
});

test("a person's own command replaces the driver's; the prompt is one argument of it, or its input", () => {
  const settings = withCommand("  my-cli --text={prompt}  {prompt} $HOME ");
  expect(of("claude", { settings, prompt: "-a b" })).toEqual({ argv: ["my-cli", "--text=-a b", " -a b", "$HOME"] });
  expect(of("claude", { settings: withCommand("my-cli -q") })).toEqual({ argv: ["my-cli", "-q"], stdin: "do it; now" });
  expect(of("claude", { settings, role: "foreman" }).argv).toEqual(["f", "do it; now"]);
  expect(of("claude", { settings: withCommand("  ") }).argv[0]).toBe("claude");
});

test("the built-in program stands in for both roles, with its scenario", () => {
  const argv = ["bun", "main.ts", "standin", "--print", "--seat", "Aux", "--permission", "workspace-write"];
  expect(of("standin")).toEqual({ argv, stdin: "do it; now" });
  expect(of("mock")).toEqual({ argv, stdin: "do it; now" });
  expect(of("mock:/a b.yaml", { role: "foreman", permission: "read-only" }).argv.slice(4)).toEqual([
    ...["--seat", "Foreman", "--permission", "read-only", "--scenario", "/a b.yaml"],
  ]);
});

test("a driver that nobody knows is refused with those that are known", () => {
  expect(() => of("aider")).toThrow("driver aider cannot run without a terminal");
  expect(() => of("constructor")).toThrow(expect.objectContaining({ code: "failed" }));
});

test("P67 only a name that begins with mock: or standin: names a scenario, with all that stands behind it", () => {
  const scenario = (actor: string) => of(actor).argv.slice(2);
  const plain = ["standin", "--print", "--seat", "Aux", "--permission", "workspace-write"];
  expect(scenario("mock:a b\nc:d")).toEqual([...plain, "--scenario", "a b\nc:d"]);
  expect(scenario("standin")).toEqual(plain);
  expect(() => of("my-mock:x")).toThrow("cannot run without a terminal");
});

test("P67 blanks around the words of a person's own program are none of them", () => {
  expect(of("claude", { program: "  my  claude\t-x " }).argv.slice(0, 4)).toEqual(["my", "claude", "-x", "-p"]);
});

test("P67 a driver that nobody can start is named with those that can be", () => {
  expect(() => of("other")).toThrow(
    expect.objectContaining({
      code: "failed",
      message: "driver other cannot run without a terminal",
      hint: "one of claude, codex, gemini, droid, opencode, standin, or agents.yaml actors.other.aux.invoke_command",
    }),
  );
});
