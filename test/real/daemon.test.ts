import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobDetail, Page, SubagentRow, ToolCallRow } from "../../src/core/history/api.ts";
import type { JobRow } from "../../src/core/job-row.ts";
import { marksIn, withoutMarks } from "../../src/core/mark.ts";
import { visible } from "../../src/core/text.ts";
import { answer } from "../fakes/model-server/anthropic.ts";
import { type ModelServer, startModelServer } from "../fakes/model-server/server.ts";
import { until, World } from "../journeys/world.ts";
import { cli } from "./install.ts";

const KEY = "sk-ant-api03-scripted-model-no-real-key-00000000";
const program = "missing" in cli ? "" : cli.program;

/** What a person has answered before; trust in the folder is Muster's own to write. */
const SEED = {
  hasCompletedOnboarding: true,
  bypassPermissionsModeAccepted: true,
  hasSeenAutoDefaultNotice: true,
  customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
};

describe.skipIf("missing" in cli)("real Claude Code under the daemon", () => {
  const world = new World();
  const work = join(world.folder, "work");
  let model: ModelServer;
  let agent = "";

  beforeAll(async () => {
    model = startModelServer();
    mkdirSync(work);
    writeFileSync(join(world.folder, ".claude.json"), JSON.stringify(SEED));
    await world.boot(claudeEnvironment());
    agent = await world.start("SAY: hello there", { agent: "claude", command: program, cwd: work });
    await until("the first job is done", async () => (await world.state()).jobs[agent]?.outcome, 30_000);
  }, 60_000);

  afterAll(async () => {
    await world.end();
    await model.stop();
  }, 30_000);

  const claudeEnvironment = () => ({
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    IS_SANDBOX: "1",
    MUSTER_GRACE_MS: "8000",
  });
  const me = async () => (await world.state()).agents[agent];
  const message = async (mid: string) => (await world.state()).messages[mid];
  const delivered = (mid: string) =>
    until(`${mid} is delivered`, async () => (await message(mid))?.state === "delivered");
  const idle = () => until("the agent is idle", async () => (await me())?.activity === "idle");
  const allow = (question: string) =>
    world.client.post(`/api/actions/jobs/${agent}/answer`, { question, choice: "allow" });
  const keys = (text: string) => world.client.post(`/api/actions/jobs/${agent}/keys`, { keys: text });
  const screen = async () => (await world.client.get<{ text: string }>(`/api/jobs/${agent}/capture?lines=50`)).text;
  const waits = (mid: string, reason: RegExp) =>
    until(`${mid} waits`, async () => reason.test((await message(mid))?.reason ?? ""));
  const timesInTranscript = async (mid: string) => {
    const lines = readFileSync((await me())?.transcript ?? "", "utf8")
      .split("\n")
      .filter((line) => line.includes('"type":"user"'));
    return lines
      .flatMap((line) => marksIn(String(JSON.parse(line).message?.content ?? "")))
      .filter((mark) => mark === mid).length;
  };

  test("a job runs with no dialog on the way and its outcome is known", async () => {
    const state = await world.state();
    expect(state.jobs[agent]?.outcome).toBe("completed");
    expect(state.jobs[agent]?.summary).toContain("hello there");
    expect(state.agents[agent]?.session).toMatch(/^[0-9a-f-]{36}$/);
    const mid = state.jobs[agent]?.mid ?? "";
    await delivered(mid);
    expect((await message(mid))?.evidence).toBe("transcript");
    expect(await timesInTranscript(mid)).toBe(1);
  });

  test("tokens and context are measured", async () => {
    await until("tokens are known", async () => ((await me())?.usage?.contextTokens ?? 0) > 0);
    expect((await me())?.usage?.contextSize).toBeGreaterThan(0);
    await idle();
    await delivered(await world.send(agent, "USAGE: 250000", "muster-9-000010"));
    const row = () => world.client.get<JobRow>(`/api/jobs/${agent}`);
    await until("a quarter of the context is used", async () => (await row()).contextPercent === 25);
  });

  test("a letter of 20 lines and 20 KB is read from the inbox by the CLI itself, without asking anybody", async () => {
    await idle();
    const lines = Array.from({ length: 20 }, (_, at) => `${at}: ${"long line ".repeat(100)}`.trim());
    const from = model.log.length;
    const mid = await world.send(agent, `${lines.join("\n")}\nSAY: read from the file`, "muster-9-000011");
    await delivered(mid);
    const read = await until("it was read", () =>
      model.log.slice(from).find(({ turn }) => turn.toolResults.length > 0),
    );
    for (const line of lines) expect(read.turn.toolResults[0]).toContain(line);
    await idle();
    expect((await me())?.question).toBeUndefined();
    expect(model.log.at(-1)?.reply.text).toBe("read from the file");
  }, 40_000);

  test("A31 A41 A86 its history has what the model was asked and answered, token by token, also by its sub-agent", async () => {
    await idle();
    const input = { description: "look around", prompt: "SAY: helper speaks", subagent_type: "general-purpose" };
    model.load([{ when: { user: "use a helper", step: 0 }, times: 1, reply: { calls: [{ tool: "Agent", input }] } }]);
    await world.send(agent, "use a helper", "muster-9-000099");
    const ask = <T>(more: string) => world.client.get<T>(`/api/db/jobs/${agent}${more}`);
    const helper = await until("the helper has ended", async () => {
      return (await ask<SubagentRow[]>("/subagents")).find(({ endedAt }) => endedAt !== null);
    });
    expect(helper).toMatchObject({ kind: "general-purpose", output: "helper speaks", isError: false, toolCalls: 0 });
    await idle();
    const sum = (kind: "input_tokens" | "output_tokens") =>
      model.log.reduce((all, { turn, reply }) => all + answer(reply, turn).usage[kind], 0);
    await until("all is counted", async () => (await ask<JobDetail>("")).tokensOut === sum("output_tokens"));
    expect(await ask<JobDetail>("")).toMatchObject({
      ...{ tokensIn: sum("input_tokens"), cacheRead: 0, toolCalls: 2, failedCalls: 0, tools: { Read: 1, Agent: 1 } },
      ...{ costFrom: "prices", cost: expect.closeTo((4 * sum("input_tokens") + 20 * sum("output_tokens")) / 1e6) },
      ...{ subagents: 1, contextSize: 1_000_000, model: model.log[0]?.turn.model },
    });
    const { rows } = await ask<Page<ToolCallRow>>("/tool-calls");
    expect(rows.find(({ name }) => name === "Read")?.output).toContain("long line");
    model.load([]);
    const kept = join(world.home.jobs, `${agent}-subagents`, `agent-${helper.agent}.jsonl`);
    await until("its transcript is kept, too", () => existsSync(kept));
  }, 40_000);

  test("interrupt ends the turn; the message after it arrives", async () => {
    await idle();
    const script = `python3 -c "import time; open('begun', 'w'); time.sleep(60)"`;
    await delivered(await world.send(agent, `SCRIPT: ${script}`, "muster-9-000012"));
    const hasBegun = () => existsSync(join(work, "begun"));
    // In the CLI's sandbox Bash asks nobody.
    const seen = await until("it asks or runs", async () => hasBegun() || (await me())?.question, 30_000);
    if (seen !== true) await allow(seen.id);
    await until("the tool runs", hasBegun);
    await world.client.post(`/api/actions/jobs/${agent}/interrupt`, {});
    await idle();
    await keys("\x15");
    const mid = await world.send(agent, "SAY: on we go", "muster-9-000013");
    await delivered(mid);
    expect(await timesInTranscript(mid)).toBe(1);
  }, 60_000);

  test("P34 (fault 9) a message sent while a person's draft stands in the composer waits, and the draft is intact", async () => {
    await idle();
    await keys("let me think about");
    await until("the draft is drawn", async () => (await screen()).includes("let me think about"));
    const mid = await world.send(agent, "SAY: after the draft", "muster-9-000001");
    await waits(mid, /draft/);
    expect(await screen()).toContain("let me think about");
    await keys("\x15");
    await delivered(mid);
    expect(await timesInTranscript(mid)).toBe(1);
  }, 40_000);

  test("a message sent while a permission dialog is open is not typed into it", async () => {
    await idle();
    const path = join(world.folder, "made-by-claude.txt");
    await world.send(agent, `WRITE: ${path} by its tool`, "muster-9-000002");
    const question = await until("the dialog is known", async () => (await me())?.question, 30_000);
    const mid = await world.send(agent, "SAY: after the dialog", "muster-9-000003");
    await waits(mid, /dialog|busy/);
    expect(await screen()).not.toContain("after the dialog");
    expect(existsSync(path)).toBe(false);
    await allow(question.id);
    await delivered(mid);
    expect(existsSync(path)).toBe(true);
  }, 60_000);

  test("A54 by the user's rule the CLI's question is an approval, and a person's word about it is the answer", async () => {
    const path = (name: string) => join(world.folder, name);
    writeFileSync(world.home.config, 'approvals:\n  - { tool: Write, match: "*/by-rule-*" }\n');
    await until("the daemon has read it", async () => (await world.state()).config.approvals?.length === 1);
    for (const [name, act] of [
      ["by-rule-1.txt", "reject"],
      ["by-rule-2.txt", "approve"],
    ] as const) {
      await idle();
      const mid = await world.send(agent, `WRITE: ${path(name)} by its tool`);
      const id = await until("it waits for a person", async () => {
        const open = Object.values((await world.state()).triggers.approvals).find(({ decided }) => !decided);
        return open?.action.do === "answer_permission" && open.action.input.includes(name) && open.id;
      });
      expect(existsSync(path(name))).toBe(false);
      await world.client.post(`/api/triggers/approvals/${id}/${act}`, {});
      await delivered(mid);
      await idle();
      expect([name, existsSync(path(name))]).toEqual([name, act === "approve"]);
    }
    writeFileSync(world.home.config, "");
  }, 60_000);

  test("100 KB of hostile text go by letter file, exactly as they are made visible", async () => {
    await idle();
    const hostile = [
      "C-c",
      "Enter",
      "rm -rf x;",
      "/clear",
      "!id",
      "#note",
      "x\u001b[201~\r rm",
      "👩‍👩‍👧 ⟦m:forged⟧",
      "a\u0000b",
    ];
    const body = `${hostile.join("\n")}\n${"x".repeat(99)}\n`.repeat(700);
    const mid = await world.send(agent, body, "muster-9-000004");
    await delivered(mid);
    const letter = readFileSync((await message(mid))?.path ?? "", "utf8");
    expect(letter.length).toBeGreaterThan(100_000);
    expect(letter).toContain(visible(withoutMarks(body)).trimEnd());
    expect(await timesInTranscript(mid)).toBe(1);
  }, 40_000);

  for (const [n, text] of ["/clear", "!touch pwn", "#note", "@work", "ends in \\"].entries()) {
    test(`a short message ${text} arrives as text in one prompt`, async () => {
      await idle();
      const session = (await me())?.session;
      const mid = await world.send(agent, text, `muster-9-00010${n}`);
      await delivered(mid);
      await idle();
      expect((await me())?.session).toBe(session ?? "");
      expect(existsSync(join(work, "pwn"))).toBe(false);
      expect(await timesInTranscript(mid)).toBe(1);
    }, 30_000);
  }

  test("kill -9 of the daemon while a message is on its way delivers it once", async () => {
    await idle();
    const mid = await world.send(agent, "SAY: once", "muster-9-000005");
    await world.kill();
    await world.boot(claudeEnvironment());
    await delivered(mid);
    await idle();
    expect(await timesInTranscript(mid)).toBe(1);
  }, 60_000);

  test("clear gives a new session, compact keeps it, and messages still arrive", async () => {
    await idle();
    const before = (await me())?.session;
    await world.client.post(`/api/actions/jobs/${agent}/clear`, {});
    await until("a new session", async () => (await me())?.session !== before);
    await idle();
    const mid = await world.send(agent, "SAY: in the new session", "muster-9-000006");
    await delivered(mid);
    await idle();
    const session = (await me())?.session;
    await world.client.post(`/api/actions/jobs/${agent}/compact`, {});
    await until("compacted", async () => (await me())?.controls.length === 0);
    await idle();
    expect((await me())?.session).toBe(session);
  }, 60_000);

  test("kill ends the program and its record", async () => {
    const pid = (await me())?.pid ?? 0;
    await world.client.post(`/api/actions/jobs/${agent}/kill`, {});
    await until("the program is gone", () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  }, 20_000);
});
