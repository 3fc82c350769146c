import { afterEach, expect, test } from "bun:test";
import { Lab } from "../../test/fakes/git-lab.ts";

const labs: Lab[] = [];
const lab = (files: Record<string, string>): Lab => {
  const made = new Lab(files);
  labs.push(made);
  return made;
};
afterEach(() => {
  for (const made of labs.splice(0)) made.end();
});

test("P49 an approved exception passes the limit and the protected paths, under the full suite instead of the quick one", async () => {
  const it = lab({ "src/a.txt": "one\n", "src/api/public/x.txt": "one\n" });
  it.policy = { ...it.policy, maxLines: 2, test: "exit 7", fullTest: "test -e src/b.txt" };
  const diff = it.diffOf(() => {
    it.write("src/b.txt", "1\n2\n3\n");
    it.write("src/api/public/x.txt", "two\n");
  });
  expect(await it.run(diff)).toMatchObject({ reason: "too-many-lines: 5 > 2; split it or open an RFD" });
  const order = it.order(diff, { isException: true });
  const verdict = await it.line().run(order, () => {}, new AbortController().signal);
  expect(verdict).toMatchObject({
    ok: true,
    steps: [{ step: "apply" }, { step: "lint" }, { command: "test -e src/b.txt" }],
  });
  expect(it.read("src/api/public/x.txt")).toBe("two\n");
});

test("P48 a protected path is refused without an exception, and git's own folder with one, too", async () => {
  const it = lab({ "src/api/public/x.txt": "one\n" });
  const diff = it.diffOf(() => it.write("src/api/public/x.txt", "two\n"));
  expect(await it.run(diff)).toMatchObject({ reason: "path-not-allowed: src/api/public/x.txt (protected)" });
  const evil = "--- /dev/null\n+++ b/.muster/.git/config\n@@ -0,0 +1 @@\n+x\n";
  const order = it.order(evil, { isException: true });
  const verdict = await it.line().run(order, () => {}, new AbortController().signal);
  expect(verdict).toMatchObject({ ok: false, reason: "path-not-allowed: .muster/.git/config" });
});
