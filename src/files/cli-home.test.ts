import { afterAll, beforeEach, expect, test } from "bun:test";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Withheld } from "../core/cli-home.ts";
import type { Refusal } from "../core/refusal.ts";
import { MASK } from "../core/secrets.ts";
import { CliHome } from "./cli-home.ts";

const root = mkdtempSync(join(tmpdir(), "muster-cli-home-"));
const folder = join(root, ".claude");
const home = new CliHome(folder, "~/.claude", join(folder, "muster"));

const write = (path: string, text: string | Uint8Array) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  write("settings.json", '{"env": {"MY_API_KEY": "plain-words"}}\n');
  write("skills/one/SKILL.md", "# One\nfind me here\n");
  write(".credentials.json", "SECRET");
  writeFileSync(join(root, "outside.txt"), "SECRET");
  mkdirSync(join(root, ".claude-evil"));
  writeFileSync(join(root, ".claude-evil/x.txt"), "SECRET");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const thrown = (look: () => unknown): unknown => {
  try {
    return look();
  } catch (error) {
    return error;
  }
};

test("A100 the parts that are there are counted, the others are left out", () => {
  expect(home.overview()).toEqual({
    folder: "~/.claude",
    parts: [
      { path: "settings.json", kind: "file", files: 1, bytes: 39 },
      { path: "skills", kind: "folder", files: 1, bytes: 19 },
    ],
  });
});

test("A100 a folder lists folders first, and says what is withheld", () => {
  symlinkSync(join(root, "outside.txt"), join(folder, "way-out.txt"));
  const { entries, more } = home.list("");
  expect([entries.map(({ name, isWithheld }) => `${name}${isWithheld ? " withheld" : ""}`), more]).toEqual([
    ["skills", ".credentials.json withheld", "settings.json", "way-out.txt withheld"],
    0,
  ]);
});

test("A100 a text is given with its secrets masked", () => {
  expect(home.read("settings.json")).toEqual({
    path: "settings.json",
    text: `{"env": {"MY_API_KEY": "${MASK}"}}\n`,
    bytes: 39,
    from: 0,
  });
});

test("A100 a long text is given in pieces of whole lines, and nothing of it is lost", () => {
  const lines = Array.from({ length: 9000 }, (_, n) => `line ${n} ${"ä".repeat(30)}\n`).join("");
  write("projects/p/long.jsonl", lines);
  let [text, from] = ["", 0 as number | undefined];
  while (from !== undefined) {
    const piece = home.read("projects/p/long.jsonl", from);
    expect(piece.text.endsWith("\n")).toBe(true);
    text += piece.text;
    from = piece.next;
  }
  expect(text).toBe(lines);
});

test("A100 A-fault 16 credentials, and whatever leads out of the folder, are withheld", () => {
  symlinkSync(join(root, "outside.txt"), join(folder, "way-out.txt"));
  symlinkSync(root, join(folder, "up"));
  symlinkSync(join(folder, ".credentials.json"), join(folder, "plain.json"));
  linkSync(join(folder, ".credentials.json"), join(folder, "other-name.json"));
  write("muster/token.txt", "SECRET");
  write("muster/plain.txt", "SECRET");
  for (const path of [
    ".credentials.json",
    "way-out.txt",
    "up/outside.txt",
    "up/.claude-evil/x.txt",
    "plain.json",
    "other-name.json",
    "muster/plain.txt",
    "projects/.env",
    "id_ed25519",
    "server.pem",
  ])
    expect([path, thrown(() => home.read(path))]).toEqual([path, expect.any(Withheld)]);
});

test("A100 A-fault 16 a path that leads up or is absolute is no path", () => {
  for (const path of ["../outside.txt", "/etc/passwd", "skills/../../outside.txt", "a\0b", "..\\x", "./settings.json"])
    expect([path, (thrown(() => home.read(path)) as Refusal).code]).toEqual([path, "usage"]);
});

test("A100 what is not there, is a folder, or is no text, is said", () => {
  write("image.png", new Uint8Array([137, 80, 0, 0]));
  const code = (look: () => unknown) => (thrown(look) as Refusal).code;
  expect(code(() => home.read("nothing.md"))).toBe("missing");
  expect(code(() => home.read("skills"))).toBe("usage");
  expect(code(() => home.list("settings.json"))).toBe("usage");
  expect(code(() => home.read("image.png"))).toBe("state");
});

test("A100 a search finds names and lines, and neither what is withheld nor what is masked", async () => {
  expect(await home.search("find ME")).toEqual({
    hits: [{ path: "skills/one/SKILL.md", line: 2, text: "find me here" }],
    isCut: false,
  });
  expect((await home.search("skill.md")).hits).toEqual([
    { path: "skills/one/SKILL.md", line: 0, text: "skills/one/SKILL.md" },
  ]);
  for (const words of ["SECRET", "plain-words"]) expect((await home.search(words)).hits).toEqual([]);
});
