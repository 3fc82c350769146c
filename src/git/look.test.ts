import { afterEach, expect, test } from "bun:test";
import { Lab } from "../../test/fakes/git-lab.ts";
import { lookAtTree } from "./look.ts";

let it: Lab;
afterEach(() => it.end());

test("P52 changed, new and gone files are seen, ignored ones and commits of ours are not", async () => {
  it = new Lab({ "src/a.txt": "one\n", "src/b.txt": "two\n", "src/c d.txt": "three\n" });
  const first = it.head;
  expect(await lookAtTree(it.wrapper, it.repo, undefined)).toEqual({ head: first, dirty: [], foreign: [] });
  it.write("src/a.txt", "ONE\n");
  it.write("src/new ä.txt", "new\n");
  it.write(".muster/x", "ignored\n");
  it.git("rm", "-q", "src/c d.txt");
  expect((await lookAtTree(it.wrapper, it.repo, first)).dirty.sort()).toEqual([
    ...["src/a.txt", "src/c d.txt", "src/new ä.txt"],
  ]);
  it.git("commit", "-q", "-a", "-m", "by hand");
  it.write("src/b.txt", "TWO\n");
  it.git("commit", "-q", "-a", "-m", "muster(PeerA): x\n\nMuster-Patch: P-0001\n");
  const seen = await lookAtTree(it.wrapper, it.repo, first);
  expect(seen.foreign).toEqual([{ id: it.git("rev-parse", "HEAD^").trim(), subject: "by hand" }]);
  expect(seen.head).toBe(it.head);
  expect((await lookAtTree(it.wrapper, it.repo, "0".repeat(40))).foreign).toEqual([]);
});

test("P52 both sides of a conflict are one path, and a repository without a commit has no head", async () => {
  it = new Lab({ "a b.txt": "one\n" });
  it.git("checkout", "-q", "-b", "other");
  it.write("a b.txt", "two\n");
  it.git("commit", "-q", "-a", "-m", "two");
  it.git("checkout", "-q", "main");
  it.write("a b.txt", "three\n");
  it.git("commit", "-q", "-a", "-m", "three");
  expect(() => it.git("merge", "-q", "other")).toThrow();
  expect((await lookAtTree(it.wrapper, it.repo, it.head)).dirty).toEqual(["a b.txt"]);
  it.git("merge", "--abort");
  it.git("update-ref", "-d", "HEAD");
  expect(await lookAtTree(it.wrapper, it.repo, undefined)).toEqual({
    head: "",
    dirty: [".gitignore", "a b.txt"],
    foreign: [],
  });
});

test("P52 a folder that is no repository shows nothing, and is no error", async () => {
  it = new Lab();
  expect(await lookAtTree(it.wrapper, it.root, undefined)).toEqual({ head: "", dirty: [], foreign: [] });
  expect(await lookAtTree(it.wrapper, it.root, "0".repeat(40))).toEqual({ head: "", dirty: [], foreign: [] });
});
