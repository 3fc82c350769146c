import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { USER } from "../../src/core/ids.ts";
import { marksIn } from "../../src/core/mark.ts";
import type { State } from "../../src/core/state.ts";
import { claude } from "../../src/drivers/claude.ts";
import type { Rule } from "../fakes/model-server/script.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { Hour } from "../hours/hour/hour.ts";
import { ADD, folder, POR, plan } from "../hours/hour/play.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";
const program = "missing" in cli ? "" : cli.program;

let hour: Hour | undefined;
let model: ModelServer;

afterEach(async () => {
  await hour?.world.end();
  await model.stop();
});

type File = [path: string, text: string];

const once = (when: Rule["when"], reply: Rule["reply"]): Rule => ({ when, times: 1, reply });
const writing = ([path, content]: File): Rule["reply"] => ({
  calls: [{ tool: "Write", input: { file_path: join(hour?.repo ?? "", path), content } }],
});

/** A model that writes these files one after the other when these words are typed to it. */
const typed = (words: string, ...files: File[]): Rule[] => [
  ...files.map((file, step) => once({ user: words, step }, writing(file))),
  once({ user: words, step: files.length }, { text: "DONE" }),
];

/** The same when they stand in a letter, which it reads first. */
const lettered = (words: string, ...files: File[]): Rule[] =>
  files.map((file, n) => {
    const user = "You have a letter";
    return once(n === 0 ? { user, toolResult: words, step: 1 } : { user, step: n + 1 }, writing(file));
  });

const letter = (seat: string, to: "peer" | "user", text: string): File => [
  `.muster/mailbox/${seat}/to_${to}.md`,
  `<TO_${to.toUpperCase()}>\n${text}\n</TO_${to.toUpperCase()}>\n\`\`\`insight\nwho: ${seat.replace("p", "P")}\nkind: note\nnext: go on\n\`\`\`\n`,
];

const PATCH = `diff --git a/src/add.js b/src/add.js
new file mode 100644
--- /dev/null
+++ b/src/add.js
@@ -0,0 +1 @@
+module.exports = ${ADD.body};
`;

async function begin(isSolo: boolean, rules: (() => Rule[])[]): Promise<Hour> {
  model = startModelServer();
  const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY };
  hour = new Hour({ ...env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1" });
  // What names a file that is none of its letters: the scripted model would read it by a path of its own.
  const rest = { when: { user: "Look after the board|Self-check|OK. Continue|Plan or quick task|Review the plan" } };
  model.load([...rules.flatMap((make) => make()), { ...rest, reply: { text: "Noted." } }]);
  const seed = {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNotice: true,
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
  };
  writeFileSync(join(hour.world.folder, ".claude.json"), JSON.stringify(seed));
  await hour.begin({ isSolo, isForeman: false, seat: { driver: "claude", command: program } });
  await hour.rest();
  return hour;
}

const isComplete = (state: State): boolean => state.boards.pair?.tasks.T001?.status === "complete";

/** Every mark in the transcripts of a member's conversations, as prompts that its model got. */
async function prompts(of: Hour, seat: string): Promise<string[]> {
  const { transcripts = [] } = (await of.state()).agents[await of.agent(seat)] ?? {};
  return transcripts
    .filter(existsSync)
    .flatMap((path) => readFileSync(path, "utf8").split("\n"))
    .flatMap((line) => claude.transcript(line)?.text ?? []);
}

describe.skipIf("missing" in cli)("real Claude Code on an hour of its own", () => {
  test("a pair plans, commits and reviews, over a crash of each, a kill of the daemon, a pause and a compact", async () => {
    const it = await begin(false, [
      () =>
        typed(
          "Build add with your peer",
          ["docs/por/POR.md", POR],
          [`${folder(ADD)}/task.yaml`, plan(ADD)],
          letter("peerA", "peer", "Ask(to=peerB, action=review): is the plan of T001 right?"),
        ),
      () =>
        lettered(
          "is the plan of T001 right",
          letter("peerB", "peer", "ACK: the plan of T001 is right, its proof is there."),
        ),
      () =>
        lettered(
          "ACK: the plan of T001 is right",
          letter("peerA", "peer", "progress: T001 start\nProgress(tag=impl): T001 has begun, add is being written now"),
          [".muster/mailbox/peerA/patch.diff", PATCH],
        ),
      () =>
        typed(
          "It is in: tell your peer",
          letter("peerA", "peer", "progress: T001.S1 done\nEvidence(refs=[cmd:node tests/check.js::OK]): add is in"),
        ),
      () =>
        lettered(
          "Evidence.refs=.cmd:node tests/check.js::OK..: add is in",
          letter("peerB", "peer", "progress: T001.S2 done\nEvidence(refs=[commit:deadbeef01]): add is reviewed"),
        ),
      () => lettered("add is reviewed", letter("peerA", "user", "add is committed and reviewed.")),
    ]);
    await it.say("a: Build add with your peer.");
    await it.passUntil("add is committed", (state) => Object.values(state.patches)[0]?.state === "committed");
    await it.crash("PeerA");
    await it.say("a: It is in: tell your peer.");
    await it.world.kill();
    await it.boot();
    await it.passUntil("the task is complete", isComplete);
    await it.crash("PeerB");
    await it.say("/pause");
    await it.say("b: SAY: first of two");
    await it.say("b: SAY: second of two");
    await it.say("/resume");
    await it.rest();
    await it.say("/reset compact");
    await it.passUntil("both have compacted", (state) =>
      Object.values(state.rhythms).every(({ compactedAt }) => compactedAt > 0),
    );
    // What was held for its author's haste is let go.
    await it.pass(28);
    const state = await it.rest();
    expect(it.git("log", "--format=%s", "-1").trim()).toBe("muster(PeerA): change src/add.js");
    expect(
      Object.values(state.evidence)
        .map(({ verdict }) => verdict)
        .sort(),
    ).toEqual(["refuted", "verified"]);
    expect(
      Object.values(state.messages).some(
        ({ to, preview }) => to === "user" && preview.includes("committed and reviewed"),
      ),
    ).toBe(true);
    for (const seat of ["PeerA", "PeerB"]) {
      const agent = await it.agent(seat);
      const marks = (await prompts(it, seat)).flatMap(marksIn);
      const typed = Object.values(state.messages).filter(({ to, evidence }) => to === agent && evidence !== "nudge");
      expect(typed.filter(({ state: is }) => is !== "delivered")).toEqual([]);
      for (const { mid, preview } of typed)
        expect([preview, marks.filter((mark) => mark === mid).length]).toEqual([preview, 1]);
    }
    // What comes due together is told by one nudge, too, on a machine that is slow enough for it.
    const nudged = Object.values(state.messages).filter(({ evidence, from }) => evidence === "nudge" && from === USER);
    expect(nudged.map(({ preview }) => preview)).toEqual(["SAY: first of two", "SAY: second of two"]);
  }, 150_000);

  test("one alone is told to go on by the System, commits, and tells the user: P94", async () => {
    const it = await begin(true, [
      () =>
        typed(
          "Build add alone",
          [`${folder(ADD)}/task.yaml`, plan(ADD)],
          [".muster/mailbox/peerA/patch.diff", PATCH],
          letter(
            "peerA",
            "peer",
            "progress: T001 start\nProgress(tag=impl): add is written\nNext: check what was committed",
          ),
        ),
      () =>
        typed(
          "OK. Continue: check what was committed",
          letter("peerA", "peer", "progress: T001 done\nProgress(tag=test): all of it\nNext: tell the user"),
        ),
      () => typed("OK. Continue: tell the user", letter("peerA", "user", "add is committed, I worked alone.")),
    ]);
    await it.say("Build add alone.");
    await it.passUntil("the user hears of it", (state) =>
      Object.values(state.messages).some(({ to, preview }) => to === "user" && preview.includes("I worked alone")),
    );
    const state = await it.rest();
    expect(isComplete(state)).toBe(true);
    expect(it.moved).toBeGreaterThanOrEqual(480_000);
    expect(it.git("log", "--format=%s", "-1").trim()).toBe("muster(PeerA): change src/add.js");
    expect(it.ledger().filter((line) => line.includes("single-peer-intercept"))).toHaveLength(2);
  }, 120_000);
});
