import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeSync, constants, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { marksIn, withMark } from "../../src/core/mark.ts";
import type { Reading } from "../../src/core/ports.ts";
import { claude } from "../../src/drivers/claude.ts";
import { ANSWER } from "../../src/drivers/claude-hooks.ts";
import { REFUSED } from "../../src/drivers/prompt-hook.ts";
import { cli } from "./install.ts";
import { type Lab, type Payload, startLab } from "./lab.ts";

const heardAs = (payload: Payload): Reading | null =>
  claude.hear({ from: "hook", event: payload.hook_event_name, payload });

describe.skipIf("missing" in cli)("real Claude Code with workspace-write", () => {
  let lab: Lab;
  beforeAll(() => {
    if ("missing" in cli) return;
    // One retry, so that a rate limit ends the turn within a second.
    lab = startLab(cli.program, { permission: "workspace-write", env: { CLAUDE_CODE_MAX_RETRIES: "1" } });
  });
  afterAll(async () => await lab?.close());

  /** Waits for the end of a turn that had not ended when the newest prompt was heard. */
  const stopped = (summary: string): Promise<Payload> =>
    lab.until(`the end of the turn: ${summary}`, () => {
      const all = lab.events();
      const last = all.findLastIndex(
        (one) => one.hook_event_name === "PreToolUse" || one.hook_event_name === "UserPromptSubmit",
      );
      return all.slice(last).find((one) => one.hook_event_name === "Stop" && one.last_assistant_message === summary);
    });
  const marks = (): string[] => lab.transcriptPrompts().flatMap(marksIn);
  const emptied = async (): Promise<void> => {
    // One C-u takes one line of the screen; what is empty stays empty.
    await lab.until("an empty composer", () => {
      if (lab.glance().composer === "") return true;
      lab.pane.press("C-u");
      return false;
    });
  };
  const saidSince = (from: number): string =>
    lab.model.log
      .slice(from)
      .flatMap((entry) => entry.turn.said)
      .join("\n");

  test("starts without a dialog, in the session that the driver chose", async () => {
    await lab.idle();
    expect(lab.glance()).toEqual({ composer: "", isDialog: false });
    const start = heardAs(await lab.heard("SessionStart"));
    expect(start).toMatchObject({ activity: "idle", session: lab.state()?.session });
    expect(start?.transcript).toContain(`${start?.session}.jsonl`);
    expect(lab.session).toBe(start?.session as string);
  });

  test("takes a one-line letter exactly, with receipt, transcript and end of turn", async () => {
    const text = await lab.letter("t-1", "SAY: hello — ünïcode 日本 🎉 $HOME `x` 'q' \"d\" \\ done");
    const stop = await stopped("hello — ünïcode 日本 🎉 $HOME `x` 'q' \"d\" \\ done");
    expect(lab.receipts()).toEqual(["t-1"]);
    expect(JSON.parse(readFileSync(join(lab.place.receipts, "t-1"), "utf8")).prompt).toBe(text);
    expect(heardAs(await lab.heard("UserPromptSubmit"))).toMatchObject({ prompt: text, turn: "started" });
    // The transcript is written a moment behind the hooks.
    await lab.until("the prompt in the transcript", () => lab.transcriptPrompts().length === 1);
    expect(lab.transcriptPrompts()).toEqual([text]);
    expect(lab.said()).toContain(text);
    expect(heardAs(stop)).toMatchObject({ turn: "done", activity: "idle" });
  });

  test("takes three lines and 700 characters as they are", async () => {
    await lab.idle();
    const text = withMark("From lead", "t-2", `${"first ".repeat(40)}end\n  second ${"x".repeat(390)}\nSAY: three`);
    const whole = text.padEnd(700, ".");
    expect([...whole].length).toBe(700);
    await lab.submit(whole);
    expect(
      (await lab.heard("UserPromptSubmit", (payload) => marksIn(String(payload.prompt)).includes("t-2"))).prompt,
    ).toBe(whole);
    await stopped("three");
    expect(lab.said()).toContain(whole);
    expect(lab.said()).not.toContain("<pasted_content id");
  });

  test("four lines are wrapped and distrusted: why longer letters go by file", async () => {
    await lab.idle();
    lab.pane.paste("one\ntwo\nthree\nfour");
    await lab.until("the block", () => lab.glance().composer?.startsWith("[Pasted text #"));
    lab.pane.press("Enter");
    const prompt = await lab.heard("UserPromptSubmit", (payload) => String(payload.prompt).includes("four"));
    expect(prompt.prompt).toContain("<pasted_content");
  });

  test("reads a long letter from its file without asking: 20 lines and 20 KB arrive whole", async () => {
    await lab.idle();
    const lines = Array.from({ length: 20 }, (_, at) => `${at}: ${"long line ".repeat(100)}`);
    const path = join(lab.place.letters, "0003-t-3.md");
    writeFileSync(path, `${lines.join("\n")}\nSAY: letter read\n`);
    await lab.letter("t-3", `Your letter is ${path}. Read it and act on it.`);
    await stopped("letter read");
    const result = lab.model.log.at(-1)?.turn.toolResults[0] ?? "";
    for (const line of lines) expect(result).toContain(line.trim());
    expect(lab.events("PermissionRequest")).toEqual([]);
  });

  test("tells each tool, and writes inside its folder without asking", async () => {
    await lab.idle();
    await lab.letter("t-4", `WRITE: ${lab.work}/made.txt by the tool`);
    await stopped("DONE");
    expect(readFileSync(join(lab.work, "made.txt"), "utf8")).toBe("by the tool\n");
    const tools = ["PreToolUse", "PostToolUse"].map((event) => lab.events(event).at(-1) as Payload);
    for (const payload of tools) expect(heardAs(payload)).toMatchObject({ tool: "Write", activity: "busy" });
    expect(lab.events("PermissionRequest")).toEqual([]);
  });

  test("queues a letter while busy: receipt at once, model and transcript at the next step", async () => {
    await lab.idle();
    await lab.letter("t-5", "SCRIPT: sleep 1.5");
    await lab.until("busy", () => lab.state()?.activity === "busy");
    await lab.heard("PreToolUse", (payload) => payload.tool_name === "Bash");
    await lab.until("an empty composer", () => lab.glance().composer === "");
    const text = await lab.letter("t-6", "and a second thing");
    await lab.until("the receipt", () => lab.receipts().includes("t-6"));
    expect(lab.state()?.activity).toBe("busy");
    expect(marks()).not.toContain("t-6");
    await lab.until("the hint of the queue", () =>
      lab.pane.screen().plain.some((line) => line.includes("edit queued")),
    );
    expect(lab.glance().composer).toBe("");
    await lab.until("the prompt in the transcript", () => marks().includes("t-6"));
    expect(lab.transcriptPrompts().at(-1)).toBe(text);
    await lab.idle();
    expect(lab.said()).toContain(`sent a new message while you were working:\n${text}`);
  });

  test("shows a person's draft as composer text, also when it is wrapped", async () => {
    await lab.idle();
    const draft = `a draft of a person ${"which goes on ".repeat(12)}and ends`;
    lab.pane.type(draft);
    await lab.until("the draft", () => lab.glance().composer === draft);
    await emptied();
  });

  // Where namespaces are forbidden, the program is there and does not work.
  const confined = ["bwrap", "--ro-bind", "/", "/", "--unshare-net", "true"];
  const hasSandbox =
    Bun.which("bwrap") !== null && Bun.which("socat") !== null && Bun.spawnSync(confined).exitCode === 0;
  test.skipIf(!hasSandbox)("with bubblewrap Bash cannot write outside its folder, and nobody is asked", async () => {
    await lab.idle();
    await lab.letter("t-12", `SCRIPT: echo x > in.txt; echo x > ${lab.root}/out.txt\nSAY: sandboxed`);
    await stopped("sandboxed");
    expect([existsSync(join(lab.work, "in.txt")), existsSync(join(lab.root, "out.txt"))]).toEqual([true, false]);
  });

  test("asks through a dialog: seen as waiting, allowed by the hook without a key", async () => {
    const ask = await askToWrite("t-7", "allowed.txt");
    expect(heardAs(ask)).toMatchObject({ activity: "waiting", question: { tool: "Write" } });
    await lab.until("a dialog", () => lab.glance().isDialog && lab.state()?.activity === "waiting");
    expect(lab.glance().composer).toBeNull();
    expect(existsSync(join(lab.root, "allowed.txt"))).toBe(false);
    answer(ask, "allow", "");
    await lab.until("the file", () => existsSync(join(lab.root, "allowed.txt")) && lab.glance().composer === "");
  });

  test("is denied by the hook, and the model reads the reason", async () => {
    answer(await askToWrite("t-8", "denied.txt"), "deny", "not on my watch");
    await lab.idle();
    expect(lab.model.log.at(-1)?.turn.toolResults.at(-1)).toContain("not on my watch");
    expect(existsSync(join(lab.root, "denied.txt"))).toBe(false);
  });

  test("a question that the person answers is withdrawn: nobody reads its fifo any more", async () => {
    const ask = await askToWrite("t-9", "denied.txt");
    await lab.until("a dialog", () => lab.glance().isDialog);
    lab.pane.press("Escape");
    await lab.idle();
    expect(() => answer(ask, "allow", "")).toThrow("ENXIO");
  });

  test("an empty answer leaves the dialog to the person", async () => {
    const ask = await askToWrite("t-10", "denied.txt");
    await lab.until("a dialog", () => lab.glance().isDialog);
    write(ask, "\n");
    await lab.until("the end of the hook", () => !existsSync(fifoOf(ask)));
    expect(lab.glance().isDialog).toBe(true);
    lab.pane.press("Escape");
    await lab.idle();
  });

  const refused = (text: string): Promise<Payload> =>
    lab.heard("UserPromptSubmit", (payload) => payload.prompt === text && payload[REFUSED] === true);

  test("a repeated letter is refused while idle: not a word reaches the model, C-u takes the text back", async () => {
    const from = lab.model.log.length;
    const text = await lab.letter("t-1", "SAY: once more");
    await refused(text);
    // The screen shows the old frame first, then an empty composer, then the text again.
    const isReported = () => lab.pane.screen().plain.some((line) => line.includes("Original prompt: From lead"));
    await lab.until("the text in the composer again", () => isReported() && lab.glance().composer === text);
    await lab.until("its record says idle again", () => lab.state()?.activity === "idle");
    await emptied();
    expect(lab.model.log.length).toBe(from);
    expect(lab.transcriptPrompts()).not.toContain(text);
  });

  test("a repeated letter is refused while busy, and the turn goes on", async () => {
    const from = lab.model.log.length;
    await lab.letter("t-11", "SCRIPT: sleep 1");
    await lab.until("busy", () => lab.state()?.activity === "busy" && lab.glance().composer === "");
    const text = await lab.letter("t-1", "SAY: busy repeat");
    await refused(text);
    await stopped("DONE");
    await lab.until("the text in the composer again", () => lab.glance().composer === text);
    await emptied();
    await lab.idle();
    expect(saidSince(from)).not.toContain("busy repeat");
    expect(marks().filter((mid) => mid === "t-1")).toHaveLength(1);
  });

  test("a person's words around a repeat pass, with a note for the model", async () => {
    const from = lab.model.log.length;
    await lab.submit(`${withMark("From lead", "t-1", "SAY: mixed")} and tell me more`);
    await stopped("mixed");
    expect(saidSince(from)).toContain("and tell me more");
    expect(saidSince(from)).toContain("already delivered: t-1");
  });

  /** Outside the folder: asked on machines with and without a sandbox for Bash. */
  async function askToWrite(mid: string, name: string): Promise<Payload> {
    await lab.idle();
    const count = lab.events("PermissionRequest").length;
    await lab.letter(mid, `WRITE: ${lab.root}/${name} x`);
    return await lab.until("the question", () => lab.events("PermissionRequest")[count]);
  }
  const fifoOf = (ask: Payload): string => join(lab.place.folder, "answers", String(ask[ANSWER]));
  function write(ask: Payload, text: string): void {
    const fifo = openSync(fifoOf(ask), constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fifo, text);
    closeSync(fifo);
  }
  const answer = (ask: Payload, choice: "allow" | "deny", reason: string): void =>
    write(ask, `${JSON.stringify(claude.answer?.(choice, reason))}\n`);
});
