import { expect, test } from "bun:test";
import { parse } from "yaml";
import { addedLines, withMissingKeys, withSetting } from "./edit.ts";
import { SETTINGS_FILES } from "./settings.ts";
import { templateOf } from "./template.ts";

const ACTOR = ["roles", "peerA", "actor"];

test("P2 a file as it is made lacks nothing", () => {
  for (const file of SETTINGS_FILES) {
    const text = templateOf(file);
    expect(withMissingKeys(file, text)).toEqual({ text, added: [] });
  }
});

test("P2 missing keys come as comments at the end of their section; what is there stays, byte for byte", () => {
  const before = `# mine
enabled: true   # on

agent: claude
own_key: 1
`;
  const { text, added } = withMissingKeys("foreman", before);
  expect(added).toEqual(["interval_seconds", "max_run_seconds", "prompt_path", "cc_user"]);
  expect(text).toBe(`${before}# interval_seconds: 900
# max_run_seconds: 900
# prompt_path: ./FOREMAN_TASK.md  # from the repository's top
# cc_user: true
`);
  expect(withMissingKeys("foreman", text)).toEqual({ text, added: [] });
});

test("P2 a key that a person left as a comment is not missing, a missing section is made", () => {
  const { text, added } = withMissingKeys("roles", "# leader: peerB\nspecialties:\n    peerA: [x]\n");
  expect(added).toEqual(["specialties.peerB", "rotation.mode", "rotation.allowed_at"]);
  expect(text).toBe(`# leader: peerB
specialties:
    peerA: [x]
    # peerB: []
rotation:
  # mode: manual  # one of manual
  # allowed_at: [phase-change, stalemate]
`);
});

test("P2 lists and texts of several lines are stepped over, whatever their indentation", () => {
  const before = `patch_queue:
  test: >
    npm run
    test: all
  allowed_paths:
  - src/**
  - a/**
evidence: {rerun_allow: []}
`;
  const { text, added } = withMissingKeys("policies", before);
  expect(text).toStartWith(`patch_queue:
  test: >
    npm run
    test: all
  allowed_paths:
  - src/**
  - a/**
  # mode: optional  #`);
  expect(added).not.toContain("patch_queue.test");
  expect(added).not.toContain("evidence.rerun_allow");
  const was = parse(before);
  expect(parse(text)).toMatchObject(was);
});

test("P2 prose behind the sign is no key, and below a whole commented section nothing is added", () => {
  const { added } = withMissingKeys("roles", "# rotation:\n#   mode: manual\n# Note: x\n# leader: who leads\n");
  expect(added).toEqual(["specialties.peerA", "specialties.peerB"]);
});

test("P2 an empty file gets everything, and reads as the defaults", () => {
  const { text, added } = withMissingKeys("foreman", "");
  expect(added).toHaveLength(6);
  expect(text).toBe(templateOf("foreman").split("\n").slice(2).join("\n"));
});

test("P16 a key behind its sign is put in force where it stands, with its remark", () => {
  const text = withSetting("cli_profiles", templateOf("cli_profiles"), { path: ACTOR, value: "standin" }) ?? "";
  expect(text).toContain("  peerA:\n    actor: standin  # a driver\n    # cwd: .");
  expect(parse(text).roles.peerA.actor).toBe("standin");
  expect(parse(text).roles.peerB.actor).toBeUndefined();
});

test("P16 a key in force gets its new value; its comment and its neighbours stay", () => {
  const before = 'roles:\n   peerA:\n       cwd: .\n       actor: "old"  # mine\n   peerB: # second\n       actor: x\n';
  expect(withSetting("cli_profiles", before, { path: ACTOR, value: "mock:/a b.json" })).toBe(
    'roles:\n   peerA:\n       cwd: .\n       actor: "mock:/a b.json"  # mine\n   peerB: # second\n       actor: x\n',
  );
});

test("P16 in force goes before behind the sign", () => {
  const before = "roles:\n  peerA:\n    # actor: claude\n    actor: a\n";
  expect(withSetting("cli_profiles", before, { path: ACTOR, value: "b" })).toBe(
    "roles:\n  peerA:\n    # actor: claude\n    actor: b\n",
  );
});

test("P16 a missing key is added in its section, and its sections with it", () => {
  const made = "roles:\n  peerA:\n    actor: a\n";
  expect(withSetting("cli_profiles", "", { path: ACTOR, value: "a" })).toBe(made);
  expect(withSetting("cli_profiles", "console_echo: false", { path: ACTOR, value: "a" })).toBe(
    `console_echo: false\n${made}`,
  );
  expect(withSetting("cli_profiles", "roles:\n  peerB:\n    actor: b\ntmux:\n", { path: ACTOR, value: "a" })).toBe(
    "roles:\n  peerB:\n    actor: b\n  peerA:\n    actor: a\ntmux:\n",
  );
});

test("P16 what cannot be changed by lines is left to the document", () => {
  const cases = [
    "roles: {peerA: {actor: x}}",
    "roles:\n  peerA: {actor: x}\n",
    "roles:\n  peerA:\n    actor: >\n      x\n",
  ];
  for (const text of [...cases, "roles:\n  peerA:\n    actor: *a\n"])
    expect(withSetting("cli_profiles", text, { path: ACTOR, value: "y" })).toBeNull();
  expect(withSetting("cli_profiles", "# roles:\n#   peerA:\n", { path: ACTOR, value: "y" })).toBeNull();
});

test("the lines that came are shown with a plus", () => {
  expect(addedLines("a\nb\n", "a\nx\nb\ny\n")).toEqual(["+x", "+y"]);
  expect(addedLines("", "a\n")).toEqual(["+a"]);
  expect(addedLines("a\r\n", "a\n")).toEqual([]);
});

test("P2 prose that looks like a section does not take the keys below it", () => {
  const { added } = withMissingKeys("roles", "# note: about the team\n#   leader: peerB\n# Note: x\n#   rotation: y\n");
  expect(added).not.toContain("leader");
  expect(withMissingKeys("foreman", "prompt_path: >\n  agent: x\n  enabled: y\n").added.slice(0, 2)).toEqual([
    ...["enabled", "agent"],
  ]);
});

test("P2 what belongs to a list stays together, and remarks behind it stay behind", () => {
  const before = "specialties:\n  peerA:\n    - one\n    - two\n\n  # about nothing\nrotation:\n  mode: manual\n";
  expect(withMissingKeys("roles", before).text).toStartWith(
    "specialties:\n  peerA:\n    - one\n    - two\n  # peerB: []\n\n  # about nothing\nrotation:\n",
  );
  const deep = "specialties:\n  peerA:\n    - one\n      # deep\n";
  expect(withMissingKeys("roles", deep).text).toStartWith(
    "specialties:\n  peerA:\n    - one\n      # deep\n  # peerB: []\n",
  );
});

test("P16 plain, quoted and empty values are changed by lines", () => {
  for (const value of ["claude", "mock:/a/b.json", "'old one'", '"old \\" one"', "''", ""])
    expect(withSetting("cli_profiles", `roles:\n  peerA:\n    actor: ${value}\n`, { path: ACTOR, value: "b" })).toBe(
      "roles:\n  peerA:\n    actor: b\n",
    );
  for (const value of ["a b", "!tag x", "[a]", "| # x", "&a x", "'a' b"])
    expect(
      withSetting("cli_profiles", `roles:\n  peerA:\n    actor: ${value}\n`, { path: ACTOR, value: "b" }),
    ).toBeNull();
});

test("P16 a value is not looked for in the remark of another line", () => {
  const before = "roles:\n  peerA: # peerA: x\n    cwd: . # actor: y\n";
  expect(withSetting("cli_profiles", before, { path: ACTOR, value: "b" })).toBe(
    "roles:\n  peerA: # peerA: x\n    cwd: . # actor: y\n    actor: b\n",
  );
});
