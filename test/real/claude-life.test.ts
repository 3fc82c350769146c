import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { marksIn } from "../../src/core/mark.ts";
import type { Reading } from "../../src/core/ports.ts";
import { claude } from "../../src/drivers/claude.ts";
import { cli } from "./install.ts";
import { type Lab, type Payload, startLab } from "./lab.ts";

const heardAs = (payload: Payload): Reading | null =>
  claude.hear({ from: "hook", event: payload.hook_event_name, payload });
const measured = (payload: Payload) => claude.hear({ from: "status", payload })?.usage;

describe.skipIf("missing" in cli)("the life of a real Claude Code session", () => {
  let lab: Lab;
  beforeAll(() => {
    if ("missing" in cli) return;
    // One retry, so that a rate limit ends the turn within a second.
    lab = startLab(cli.program, { permission: "danger-full-access", env: { CLAUDE_CODE_MAX_RETRIES: "1" } });
  });
  afterAll(async () => await lab?.close());

  const emptied = async (): Promise<void> =>
    void (await lab.until("an empty composer", () => {
      if (lab.glance().composer === "") return true;
      lab.pane.press("C-u");
      return false;
    }));

  test("danger-full-access runs what it likes outside the folder, without asking", async () => {
    await lab.idle();
    await lab.letter("l-1", `SCRIPT: python3 -c "open('${lab.root}/outside.txt', 'w').write('x')"`);
    await lab.heard("Stop");
    expect(await Bun.file(`${lab.root}/outside.txt`).text()).toBe("x");
    expect(lab.events("PermissionRequest")).toEqual([]);
    rmSync(`${lab.root}/outside.txt`);
  });

  test("tells its use of the context by the status line", async () => {
    await lab.idle();
    await lab.letter("l-2", "USAGE: 50000");
    const usage = await lab.until("50,000 tokens", () =>
      lab
        .events("StatusLine")
        .map(measured)
        .find((one) => one?.contextTokens === 50_000),
    );
    expect(usage.contextSize).toBe(1_000_000);
    expect(usage.cost).toBeGreaterThan(0);
  });

  test("a person's question is a dialog and an open permission request", async () => {
    await lab.idle();
    const options = ["a", "b"].map((label) => ({ label, description: label }));
    const questions = [{ question: "Which?", header: "H", multiSelect: false, options }];
    await lab.submit(`CALL: AskUserQuestion ${JSON.stringify({ questions })}`);
    await lab.until("a dialog", () => lab.glance().isDialog && lab.state()?.activity === "waiting");
    expect(lab.state()?.detail).toBe("input needed");
    const ask = await lab.heard("PermissionRequest");
    expect(heardAs(ask)?.question?.tool).toBe("AskUserQuestion");
    lab.pane.press("Escape");
    await lab.idle();
  });

  test("Escape interrupts: idle by the record, no Stop, the prompt is back in the composer", async () => {
    await lab.idle();
    const stops = lab.events("Stop").length;
    const text = await lab.letter("l-3", "DELAY: 30000");
    await lab.until("busy", () => lab.state()?.activity === "busy" && lab.model.log.at(-1)?.turn.user === text);
    lab.pane.press("Escape");
    await lab.until("idle", () => lab.state()?.activity === "idle" && lab.glance().composer === text);
    expect(lab.events("Stop").length).toBe(stops);
    await emptied();
  });

  test("a rate limit that outlives the retries ends the turn as failed and limited", async () => {
    await lab.idle();
    await lab.letter("l-4", "ERROR: 429");
    const failure = heardAs(await lab.heard("StopFailure"));
    expect(failure).toMatchObject({ turn: "failed", activity: "limited", detail: "rate_limit" });
  });

  test("a command in the background keeps the turn open, the composer is free", async () => {
    await lab.idle();
    await lab.submit('CALL: Bash {"command":"sleep 1","description":"d","run_in_background":true}');
    const first = await lab.heard("Stop", (payload) => (payload.background_tasks as unknown[]).length > 0);
    expect(heardAs(first)?.turn).toBeUndefined();
    await lab.until("a free composer", () => lab.state()?.activity === "idle" && lab.glance().composer === "");
    // The CLI wakes up by itself when the command ends.
    const last = await lab.until("a Stop without tasks", () => {
      const stop = lab.events("Stop").at(-1);
      return stop && heardAs(stop)?.turn === "done" && stop;
    });
    expect(last.background_tasks).toEqual([]);
  });

  test("has no tools to talk to other sessions, and refuses their messages", async () => {
    await lab.idle();
    const from = lab.model.log.length;
    await lab.submit(
      'CALL: ToolSearch {"query":"select:SendMessage,ListAgents","max_results":5}\nCALL: SendMessage {"to":"x","message":"y"}',
    );
    await lab.until("the end", () => lab.model.log.length >= from + 3 && lab.state()?.activity === "idle");
    const turns = lab.model.log.slice(from).map((entry) => entry.turn);
    expect(turns.flatMap((turn) => turn.tools)).not.toContain("SendMessage");
    expect(turns.flatMap((turn) => turn.tools)).not.toContain("ListAgents");
    expect(turns.at(-1)?.toolResults[0]).not.toContain("<function>");
    expect(turns.at(-1)?.toolResults[1]).toMatch(/No such tool|not available|denied/i);
  });

  test("/compact keeps the session", async () => {
    await lab.idle();
    await lab.command(claude.abilities.compact ?? "");
    const after = heardAs(await lab.heard("PostCompact"));
    expect(after).toMatchObject({ session: lab.session, activity: "idle" });
    expect(lab.events("PreCompact").at(-1)).toMatchObject({ trigger: "manual" });
  });

  test("/clear begins a new session; the model forgets", async () => {
    await lab.idle();
    await lab.command(claude.abilities.clear ?? "");
    const start = await lab.heard("SessionStart", (payload) => payload.source === "clear");
    const session = heardAs(start)?.session;
    expect(session).not.toBe(lab.session);
    await lab.until("the record's new session", () => lab.state()?.session === session);
    await lab.idle();
    await lab.letter("l-5", "SAY: fresh");
    await lab.heard("Stop", (payload) => payload.last_assistant_message === "fresh");
    const turn = lab.model.log.at(-1)?.turn;
    expect(marksIn(turn?.said.join("\n") ?? "")).toEqual(["l-5"]);
  });

  test("kill -9 in the middle of a tool; --resume goes on in the same session", async () => {
    await lab.idle();
    const session = lab.state()?.session ?? "";
    const text = await lab.letter("l-6", "SCRIPT: python3 -c 'import time; time.sleep(6)'");
    await lab.heard("PreToolUse", (payload) => JSON.stringify(payload.tool_input).includes("time.sleep"));
    await lab.until("the prompt in the transcript", () => lab.transcriptPrompts().includes(text));
    process.kill(lab.pane.pid, "SIGKILL");
    await lab.until("death", () => lab.pane.isDead());
    await lab.restart(session);
    await lab.heard("SessionStart", (payload) => payload.source === "resume" && payload.session_id === session);
    await lab.idle();
    expect(lab.state()?.session).toBe(session);
    await lab.letter("l-7", "SAY: back again");
    await lab.heard("Stop", (payload) => payload.last_assistant_message === "back again");
    expect(lab.model.log.at(-1)?.turn.said.join("\n")).toContain(text);
  });

  test("/exit ends the program and is told", async () => {
    await lab.idle();
    await lab.command(claude.abilities.exit ?? "");
    await lab.until("death", () => lab.pane.isDead());
    expect(heardAs(await lab.heard("SessionEnd", (one) => one.reason === "prompt_input_exit"))?.activity).toBe(
      "exited",
    );
  });
});
