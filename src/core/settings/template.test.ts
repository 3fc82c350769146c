import { expect, test } from "bun:test";
import { parse } from "yaml";
import { NOTES } from "./notes.ts";
import { readSettings, SETTINGS_FILES, type SettingsFile } from "./settings.ts";
import { remark, rowsOf, templateOf, yamlOf } from "./template.ts";

/** The file with every key in force. */
const inForce = (file: SettingsFile): string => templateOf(file).replaceAll(/^( *)# (?=[a-zA-Z_]+: )/gm, "$1");

test("P1 a settings file as it is made says nothing but the defaults, as comments", () => {
  for (const file of SETTINGS_FILES) {
    const { value, problems } = readSettings(file, parse(templateOf(file)));
    expect(problems).toEqual([]);
    expect(value).toEqual(readSettings(file, {}).value);
  }
});

test("P1 each key of a settings file, without its sign, has the value that it shows", () => {
  for (const file of SETTINGS_FILES) {
    const given = parse(inForce(file));
    expect(readSettings(file, given).problems).toEqual([]);
    expect(readSettings(file, given).value).toEqual(readSettings(file, {}).value);
    for (const { path, leaf } of rowsOf(file)) {
      const written = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], given);
      expect([file, ...path, written]).toEqual([file, ...path, leaf.fallback]);
    }
  }
});

test("a settings file begins with what it is for, and its lines are as a person would write them", () => {
  const lines = templateOf("cli_profiles").split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "# Rhythm, mailboxes, who sits where.",
    "# A key behind # has the value it shows; take the sign away to change it. Read again whenever it is saved.",
    "delivery:",
    "  # ack_mode: file_move  # one of file_move, ack_text; how a letter counts as read",
  ]);
  expect(lines).toContain("    # actor: claude  # a driver");
  expect(lines).toContain("tmux:");
  expect(lines).toContain("  # layout: standard  # one of standard, solo, quad");
  expect(lines).toContain("# console_echo: true");
  expect(lines.at(-1)).toBe("");
  expect(templateOf("foreman").split("\n")[2]).toBe("# enabled: false");
});

test("what means nothing any more is not offered, and of the drivers one stands for all", () => {
  expect(templateOf("cli_profiles")).not.toContain("delivery_mode");
  expect(templateOf("agents")).toContain("  claude:\n    peer:\n      # command: ");
  expect(templateOf("agents")).not.toContain("codex");
  expect(rowsOf("agents").every(({ path }) => path[1] === "claude")).toBe(true);
});

test("a remark that would make the line too long is left to the document", () => {
  for (const file of SETTINGS_FILES)
    for (const line of templateOf(file).split("\n"))
      if (/ {2}# /.test(line.trimStart().slice(2))) expect(line.length).toBeLessThanOrEqual(96);
  const long = rowsOf("cli_profiles").find(({ path }) => path.at(-1) === "inbox_startup_policy");
  expect(long && remark("cli_profiles", long)).toBe(
    "one of resume, archive, discard; what becomes of letters that an earlier team left unread",
  );
  expect(templateOf("cli_profiles")).toContain("  # inbox_startup_policy: resume\n");
});

test("values stand as YAML reads them back", () => {
  const cases = [
    "",
    "a",
    "a b",
    "./x",
    "true",
    "No",
    "1",
    "a: b",
    "- a",
    "x ",
    "[",
    "#",
    "a#b",
    "null",
    "^\\s*(",
    "*a",
    "ü",
  ];
  for (const value of [...cases, cases, {}, { A: "b c" }, 0.05, true, []]) expect(parse(yamlOf(value))).toEqual(value);
  expect([yamlOf("npm test"), yamlOf("true"), yamlOf(["a", "b*"])]).toEqual(["npm test", '"true"', '[a, "b*"]']);
});

test("every note is about a key that there is", () => {
  const keys = SETTINGS_FILES.flatMap((file) => rowsOf(file).map(({ path }) => `${file}: ${path.join(".")}`));
  expect(Object.keys(NOTES).filter((key) => !keys.includes(key))).toEqual([]);
});

test("P19 an unknown role fact is an error, not a warning; the known ones are read", () => {
  const { problems } = readSettings("roles", { leader: "peerB", specialties: { peerC: ["x"] }, rotations: {} });
  expect(problems.map(({ level, path, message }) => `${level} ${path.join(".")}: ${message}`)).toEqual([
    "error rotations: unknown key; did you mean rotation?",
    "error specialties.peerC: unknown key; did you mean peerA?",
  ]);
  const facts = { leader: "peerB", specialties: { peerA: ["tests"], peerB: [] }, rotation: { mode: "manual" } };
  expect(readSettings("roles", facts).problems).toEqual([]);
  expect(readSettings("roles", facts).value.specialties.peerA).toEqual(["tests"]);
});

test("P1 the settings files that init lays out are these, word for word", () => {
  for (const file of SETTINGS_FILES) expect(templateOf(file)).toMatchSnapshot(file);
});
