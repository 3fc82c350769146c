import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hire } from "../../src/core/facts.ts";
import type { Driver } from "../../src/core/ports.ts";
import { standin } from "../../src/drivers/standin.ts";
import { DriverBench } from "./driver-bench.ts";

const muster = [process.execPath, join(import.meta.dir, "standin-main.ts")];
let bench: DriverBench;
afterEach(() => bench.close());

async function begin(hire: Partial<Hire> = {}, driver: Driver = standin): Promise<void> {
  bench = new DriverBench({ driver, muster, hire });
  bench.start();
  await bench.until("ready", () => bench.isReady());
}

/** A stand-in whose settings have one more hook. */
const withHook = (event: string, command: string, timeout = 5): Driver => ({
  ...standin,
  launch: (hire, place, resume) => {
    const launch = standin.launch(hire, place, resume);
    const file = launch.files.find((one) => one.path === "settings.json");
    const settings = JSON.parse(file?.text ?? "");
    settings.hooks[event] = [...(settings.hooks[event] ?? []), { hooks: [{ type: "command", command, timeout }] }];
    const files = launch.files.map((one) => (one === file ? { ...one, text: JSON.stringify(settings) } : one));
    return { ...launch, files };
  },
});

const type = (text: string) => bench.press("-l", text);
async function submit(text: string): Promise<void> {
  bench.paste(text);
  await bench.until("the composer's text", () => bench.glance().composer);
  bench.press("Enter");
}
const events = (name: string) => bench.payloads().filter((payload) => payload.hook_event_name === name);
const turns = (n: number) => bench.until(`${n} turns`, () => events("Stop").length === n);
const shown = (text: string) =>
  bench.until(`"${text}" on the screen`, () => bench.screen().plain.join("\n").includes(text));
const work = (path: string) => join(bench.hire.cwd, path);
const mailbox = (path: string) => work(`.muster/mailbox/peerA/${path}`);
const scenario = (rules: object[]): string => {
  const path = join(bench.root, "scenario.json");
  writeFileSync(path, JSON.stringify(rules));
  return path;
};
/** Starts with a scenario, which lies in the bench's own folder. */
async function play(rules: object[], hire: Partial<Hire> = {}): Promise<void> {
  bench = new DriverBench({ driver: standin, muster, hire });
  bench.hire.scenario = scenario(rules);
  bench.start();
  await bench.until("ready", () => bench.isReady());
}

test("a text pasted into an open dialog is dropped and its Enter says Yes: a careless delivery shows", async () => {
  await begin();
  await submit("ASK: Bash touch approved");
  await bench.until("the dialog", () => bench.glance().isDialog);
  await bench.until("its hook waits", () => bench.payloads().some((payload) => payload.muster_answer !== undefined));
  bench.paste("unrelated");
  bench.press("Enter");
  await turns(1);
  expect(existsSync(work("approved"))).toBe(true);
  expect(bench.prompts()).toEqual(["ASK: Bash touch approved"]);
  await expect(bench.answer("deny")).rejects.toThrow("ENXIO");
});

test("backslash and Enter is a newline, so is LF; Escape before any output gives the prompt back", async () => {
  await begin();
  type("DELAY: 60000\\");
  bench.press("Enter");
  type("two");
  bench.press("C-j");
  type("three");
  await bench.until("three lines", () => bench.glance().composer === "DELAY: 60000\ntwo\nthree");
  bench.press("Enter");
  await bench.until("the prompt", () => bench.prompts().length === 1);
  await shown("esc to interrupt");
  bench.press("Escape");
  await bench.until("the prompt back", () => bench.glance().composer === "DELAY: 60000\ntwo\nthree");
  await bench.until("idle", () => bench.recorded()?.activity === "idle");
  expect(events("Stop")).toEqual([]);
});

test("Escape in the middle of a tool ends the tool; the queued prompt runs at once", async () => {
  await begin();
  await submit("RUN: echo $$ > pid; sleep 60");
  const pid = Number(
    await bench.until("the tool", () => existsSync(work("pid")) && readFileSync(work("pid"), "utf8").trim()),
  );
  await submit("SAY: next");
  await shown("Queued: SAY: next");
  bench.press("Escape");
  await turns(1);
  expect(() => process.kill(pid, 0)).toThrow();
  expect(bench.prompts()).toEqual(["RUN: echo $$ > pid; sleep 60", "SAY: next"]);
});

test("slash commands: unknown ones are said, compact fires its hooks and keeps the session; a path is a prompt", async () => {
  await begin();
  type("/nothing here");
  bench.press("Enter");
  await shown("Unknown command: /nothing");
  type("/compact");
  bench.press("Enter");
  await bench.until("compacted", () => events("SessionStart").some((one) => one.source === "compact"));
  await bench.until("both hooks", () => events("PreCompact").length === 1 && events("PostCompact").length === 1);
  await submit("/etc/hosts is a file");
  await turns(1);
  expect(bench.prompts()).toEqual(["/etc/hosts is a file"]);
  expect(new Set(bench.readings().map((reading) => reading.session)).size).toBe(1);
});

test("!cmd runs in the shell without becoming a prompt", async () => {
  await begin();
  type("!echo from $((6 * 7)) > shell.txt");
  bench.press("Enter");
  await bench.until("the file", () => existsSync(work("shell.txt")));
  expect([bench.prompts(), events("UserPromptSubmit")]).toEqual([[], []]);
});

test("a prompt hook that is killed or over its time lets the prompt through", async () => {
  await begin({}, withHook("UserPromptSubmit", "sleep 60", 0.1));
  await submit("SAY: through");
  await turns(1);
  expect(bench.prompts()).toEqual(["SAY: through"]);
});

test("a Stop hook that blocks makes the turn go on with its reason, which is no prompt", async () => {
  const once = `[ -e blocked ] || { touch blocked; echo '{"decision":"block","reason":"SAY: again"}'; }`;
  await begin({}, withHook("Stop", once));
  await submit("SAY: first");
  await turns(2);
  expect(
    events("Stop")
      .map((one) => [one.last_assistant_message, one.stop_hook_active])
      .sort(),
  ).toEqual([
    ["again", true],
    ["first", false],
  ]);
  expect(bench.prompts()).toEqual(["SAY: first"]);
});

test("a letter that a prompt names is read, answered and put away; the answers lie complete in the mailbox", async () => {
  await play(
    [
      {
        when: "colour is (\\w+)",
        do: [
          { tell: { to: "peer", text: "I read $1", refs: ["commit:1"] } },
          { letter: { to: "user", text: "done: {{seat}}", kind: "evidence" } },
        ],
      },
    ],
    { seat: "PeerA" },
  );
  const path = mailbox("inbox/000001.muster-1-abcdef.txt");
  mkdirSync(mailbox("inbox"), { recursive: true });
  writeFileSync(path, "<FROM_USER>\nthe colour is green\n</FROM_USER>\n");
  await submit(`From user ⟦m:muster-1-abcdef⟧ Read ${path}. ⟦/m:muster-1-abcdef⟧`);
  await turns(1);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(mailbox("processed"))).toEqual(["000001.muster-1-abcdef.txt"]);
  const [name = ""] = readdirSync(mailbox("out"));
  expect(name).toMatch(/^\d{13}-\d+-1\.to_peer\.md$/);
  expect(readFileSync(mailbox(`out/${name}`), "utf8")).toBe(
    "<TO_PEER>\nI read green\n</TO_PEER>\n```insight\nwho: PeerA\nkind: note\nnext: wait for an answer\nrefs: [commit:1]\n```\n",
  );
  expect(readFileSync(mailbox("to_user.md"), "utf8")).toContain("<TO_USER>\ndone: PeerA\n</TO_USER>\n```insight\n");
});

test("it really writes, edits, runs and hands in a patch that git applies", async () => {
  await play([
    {
      do: [
        { run: "git init -q . && git config core.autocrlf false" },
        { write: { path: "a.txt", text: "one\ntwo\n" } },
        { edit: { path: "a.txt", find: "two", replace: "2" } },
        {
          patch: {
            edits: [
              { path: "a.txt", find: "one", replace: "1" },
              { path: "new.txt", text: "n\n" },
            ],
          },
        },
        { run: "git apply --check .muster/mailbox/peerA/patch.diff" },
        { run: "exit 7" },
        { usage: 50_000 },
        { say: "finished" },
      ],
    },
  ]);
  await submit("go");
  await turns(1);
  expect(readFileSync(work("a.txt"), "utf8")).toBe("one\n2\n");
  await bench.until("all tools", () => events("PostToolUse").length === 5 && events("PostToolUseFailure").length === 1);
  expect(
    events("PostToolUse")
      .map((one) => one.tool_name)
      .sort(),
  ).toEqual(["Bash", "Bash", "Edit", "Write", "Write"]);
  expect(events("PostToolUseFailure").map((one) => one.error)).toEqual(["Exit code 7"]);
  await bench.until("the meter", () => bench.readings().some((one) => (one.usage?.contextTokens ?? 0) >= 50_000));
  await shown("context 25%");
});

test("A4 read-only refuses writing and running, workspace-write refuses what lies outside", async () => {
  await begin({ permission: "read-only" });
  await submit("WRITE: x.txt no\nRUN: touch y");
  await turns(1);
  expect([existsSync(work("x.txt")), existsSync(work("y"))]).toEqual([false, false]);
  bench.close();
  await begin();
  await submit("WRITE: ../x.txt no");
  await turns(1);
  expect(existsSync(join(bench.root, "x.txt"))).toBe(false);
});

test("a rate limit fails the turn, and the program takes the next one", async () => {
  await begin();
  await submit("LIMIT: 5-hour limit reached, resets 3pm");
  await bench.until("the failure", () =>
    bench.readings().some((one) => one.turn === "failed" && one.activity === "limited"),
  );
  await submit("SAY: on");
  await turns(1);
});

test("a crash leaves its record and the exit code; a rule that fired does not fire again after the resume", async () => {
  await play([{ times: 1, do: [{ crash: 3 }] }, { do: [{ say: "alive" }] }]);
  const session = bench.recorded()?.session;
  await submit("one");
  expect(await bench.until("the end", () => bench.ended())).toEqual({ code: 3, signal: null });
  expect(bench.recorded()?.activity).toBe("busy");
  bench.start(session);
  await bench.until("ready", () => bench.isReady());
  await submit("two");
  await turns(1);
  expect(bench.prompts()).toEqual(["one", "two"]);
});

test("while it hangs nothing is read; what was typed meanwhile arrives afterwards, once", async () => {
  await begin();
  await submit("HANG: 700");
  await bench.until("the prompt", () => bench.prompts().length === 1);
  bench.paste("SAY: later");
  bench.press("Enter");
  await turns(2);
  expect(bench.prompts()).toEqual(["HANG: 700", "SAY: later"]);
});

test("what is typed before it has booted is kept, Enter included", async () => {
  bench = new DriverBench({ driver: standin, muster, env: { MUSTER_STANDIN_BOOT_MS: "300" } });
  bench.start();
  await bench.until("raw mode", () => Bun.spawnSync(["stty", "-a", "-F", bench.tty()]).stdout.includes("-icanon"));
  type("SAY: early");
  bench.press("Enter");
  expect(bench.recorded()).toBeNull();
  await turns(1);
  expect(bench.prompts()).toEqual(["SAY: early"]);
});

test("pastes of pieces arrive whole; one long paste reaches the model marked as foreign", async () => {
  await begin();
  const pieces = Array.from({ length: 12 }, (_, n) => `${n} ${"ü日x".repeat(150)}\n`);
  for (const piece of pieces) bench.paste(piece);
  bench.press("Enter");
  await turns(1);
  expect(bench.prompts()).toEqual([pieces.join("").trim()]);
  bench.paste("a\nb\nc\nd");
  await bench.until("the token", () => bench.glance().composer === "[Pasted text #1 +3 lines]");
  bench.press("Enter");
  await turns(2);
  expect(bench.prompts()[1]).toContain("<pasted_content");
});
