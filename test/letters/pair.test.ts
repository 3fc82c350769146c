import { afterEach, expect, test } from "bun:test";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SYSTEM, USER } from "../../src/core/ids.ts";
import { PatchReactor } from "../../src/engine/evidence/patches.ts";
import { EvidenceReactor } from "../../src/engine/evidence/references.ts";
import type { Reactor } from "../../src/engine/reactor.ts";
import { A, B, openTeam, when } from "../crashes/team.ts";
import { Lab } from "../fakes/git-lab.ts";

const endings: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** A pair with its real mailbox, patch line and git; only the CLIs are missing. `isSlow`: its checks take long. */
async function pair({ isSlow = false } = {}) {
  const lab = new Lab({ "src/a.txt": "one\n", Makefile: "all:\n" });
  endings.push(() => lab.end());
  const { engine, log, mailboxes, start } = await openTeam(lab.root, lab.repo);
  const line = lab.line();
  const patches = new PatchReactor({
    clock: { sleep: () => (isSlow ? Promise.resolve() : new Promise(() => {})), now: () => 0 },
    line,
    state: () => engine.state,
    dispatch: (command, by) => void engine.dispatch(command, by),
    body: (patch) => log.body(patch.seq) ?? "",
    mailbox: (team) => mailboxes.of(team),
  });
  const evidence = new EvidenceReactor({ line, state: () => engine.state });
  endings.push(start(patches as Reactor<unknown>, evidence as Reactor<unknown>));
  let count = 0;
  const post = (seat: string, box: string, text: string) => {
    const folder = join(lab.repo, ".muster/mailbox", seat);
    mkdirSync(join(folder, "out"), { recursive: true });
    writeFileSync(join(folder, ".posting"), text);
    renameSync(join(folder, ".posting"), join(folder, "out", `${count++}.${box}`));
  };
  const messages = (to: string) =>
    log
      .read(0, 1000)
      .flatMap((event) =>
        event.type === "message.queued" && event.to === to
          ? [{ from: event.from, text: log.body(event.seq) ?? "" }]
          : [],
      );
  const closed = (count: number) =>
    when(engine, () => Object.values(engine.state.patches).filter(({ state }) => state !== "queued").length === count);
  return { lab, engine, post, messages, closed };
}

const formed = (text: string, box = "PEER") =>
  `<TO_${box}>\n${text}\n</TO_${box}>\n\`\`\`insight\nwho: PeerA\nkind: note\nnext: go on\n\`\`\`\n`;

test("P40 the three routes of a patch end in commits, and P46 everybody learns of each", async () => {
  const { lab, post, messages, closed, engine } = await pair();
  const edit = (from: string, to: string) => `--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
  post("peerA", "patch.diff", edit("one", "two"));
  await closed(1);
  post("peerA", "to_peer.md", formed(`Item(core): the fenced way\n\`\`\`diff\n${edit("two", "three")}\`\`\``));
  await closed(2);
  post("peerA", "to_peer.md", formed(`by hand:\n${edit("three", "four")}`));
  await closed(3);
  expect(lab.read("src/a.txt")).toBe("four\n");
  expect(lab.git("log", "--format=%s").trim().split("\n").slice(0, 3)).toEqual([
    "muster(PeerA): change src/a.txt",
    "muster(PeerA): the fenced way",
    "muster(PeerA): change src/a.txt",
  ]);
  for (const to of [A, B, USER]) {
    const told = messages(to).filter(({ from, text }) => from === SYSTEM && text.startsWith("P-"));
    expect(told.map(({ text }) => text.slice(0, 6))).toEqual(["P-0001", "P-0002", "P-0003"]);
    expect(told[0]?.text).toContain("no tests");
  }
  expect(engine.state.patches["P-0002"]).toMatchObject({
    state: "committed",
    lines: 2,
    paths: ["src/a.txt"],
    author: A,
  });
});

test("P43 (fault 7) a path that is not allowed is refused on each of the three routes", async () => {
  const { lab, post, messages, closed } = await pair();
  const bad = "--- a/Makefile\n+++ b/Makefile\n@@ -1 +1 @@\n-all:\n+all: evil\n";
  post("peerA", "patch.diff", bad);
  post("peerA", "to_peer.md", formed(`\`\`\`patch\n${bad}\`\`\``));
  post("peerA", "to_peer.md", formed(bad));
  await closed(3);
  const refusals = messages(A).filter(({ text }) => text.includes("patch-reject(path-not-allowed: Makefile)"));
  expect(refusals).toHaveLength(3);
  expect(lab.git("log", "--format=%s").trim()).toBe("first");
});

test("P41 the author of a failing patch gets what the tests really said, and P46 everybody the result in a line", async () => {
  const { lab, post, messages, closed } = await pair();
  lab.policy = { ...lab.policy, test: "echo expected 4 got 5; exit 1" };
  post("peerB", "patch.diff", "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-one\n+two\n");
  await closed(1);
  const [told] = messages(B).filter(({ text }) => text.startsWith("P-0001"));
  expect(told?.text).toContain("patch-test-fail(echo expected 4 got 5; exit 1 ended with rc=1)");
  expect(told?.text).toContain("\n\nexpected 4 got 5\n\nPropose one repair");
  for (const to of [A, USER]) {
    expect(messages(to).map(({ text }) => text)).toEqual([
      'P-0001 "change src/a.txt" by PeerB was refused: patch-test-fail(echo expected 4 got 5; exit 1 ended with rc=1)',
    ]);
  }
});

test("P46 both peers are told to stand by while a patch is checked; a line that its result overtook is taken back", async () => {
  const { lab, engine, post, messages, closed } = await pair({ isSlow: true });
  lab.policy = { ...lab.policy, test: `until [ -e ${lab.root}/go ]; do sleep 0.01; done` };
  post("peerA", "patch.diff", "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-one\n+two\n");
  await when(engine, () => messages(A).length > 0 && messages(B).length > 0);
  for (const to of [A, B]) {
    expect(messages(to).map(({ text }) => text)).toEqual([
      'Stand by: P-0001 "change src/a.txt" by PeerA is being checked; its result comes by itself.',
    ]);
  }
  writeFileSync(join(lab.root, "go"), "");
  await closed(1);
  const lines = Object.values(engine.state.messages).filter(({ preview }) => preview.startsWith("Stand by"));
  expect(lines.map(({ state, reason }) => [state, reason])).toEqual([
    ["dead", "its result came first"],
    ["dead", "its result came first"],
  ]);
});

test("P28 a letter without a form is delivered, and its author is taught once", async () => {
  const { engine, post, messages } = await pair();
  for (const n of [1, 2, 3]) post("peerA", "to_peer.md", `plain words ${n}`);
  await when(engine, () => messages(B).length === 3);
  expect(messages(B).map(({ text }) => text)).toEqual(["plain words 1", "plain words 2", "plain words 3"]);
  expect(messages(A).filter(({ text }) => text.startsWith("Form: wrap letters"))).toHaveLength(1);
});

test("P29 what PeerB writes to the user is kept, not shown, and PeerB is told", async () => {
  const { engine, post, messages } = await pair();
  post("peerB", "to_user.md", formed("my own answer", "USER").replace("PeerA", "PeerB"));
  post("peerA", "to_user.md", formed("our answer", "USER"));
  await when(engine, () => messages(USER).length > 0 && messages(B).length > 0);
  expect(messages(USER).map(({ text }) => text.split("\n")[0])).toEqual(["our answer"]);
  expect(messages(SYSTEM).map(({ text }) => text.split("\n")[0])).toEqual(["my own answer"]);
  expect(messages(B)[0]?.text).toStartWith("To the user: only PeerA answers the user");
});

test("P47 references are verified, claimed or refuted by looking; both peers see what refutes one", async () => {
  const { lab, engine, post, messages } = await pair();
  const side = lab.git("commit-tree", "HEAD^{tree}", "-m", "on no branch").trim();
  lab.write("work.log", "one\ntwo\nthree\n");
  lab.policy = { ...lab.policy, rerunAllow: ["grep one src/a.txt", "grep two src/a.txt"] };
  const refs = {
    [`commit:${lab.head.slice(0, 8)}`]: "verified",
    "commit:feedbeef": "refuted",
    [`commit:${side}`]: "refuted",
    "cmd:bun test::OK": "claimed",
    "cmd:grep one src/a.txt::OK": "verified",
    "cmd:grep two src/a.txt::OK": "refuted",
    "log:work.log#L2-3": "verified",
    "log:work.log#L3-9": "refuted",
    "log:../gitconfig#L1": "refuted",
  };
  post("peerA", "to_peer.md", formed(`Evidence(refs=[${Object.keys(refs).join(",")}]): done`));
  const seen = () => Object.values(engine.state.evidence);
  await when(engine, () => seen().length === 9 && seen().every(({ verdict }) => verdict));
  expect(Object.fromEntries(seen().map(({ ref, verdict }) => [ref, verdict ?? ""]))).toEqual(refs);
  for (const to of [A, B]) {
    const told = messages(to).filter(({ text }) => text.startsWith("Evidence refuted"));
    expect(told).toHaveLength(5);
    expect(told.map(({ text }) => text).join("\n")).toContain("work.log has 3 lines");
  }
});
