import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { withMark } from "../../src/core/mark.ts";
import type { DriverBench } from "./driver-bench.ts";

/** Prompts that make this brand do what the contract needs. */
export interface Prompts {
  /** A turn that ends soon. */
  short: string;
  /** A turn that stays busy for seconds. */
  long: string;
  /** Makes it ask for a permission. */
  ask(bench: DriverBench): string;
  /** What its screen says once a refused prompt's text is back in the composer; before that the old frame may still stand. */
  returned?: string;
  /** Makes it use the tool of this name. */
  tool: [name: string, prompt: string];
}

const mark = (n: number, text: string): string => withMark("From PeerB", `muster-1764000000-00000${n}`, text);
const done = (bench: DriverBench): number => bench.readings().filter((reading) => reading.turn === "done").length;

/** What every driver with a keyboard and a prompt hook keeps, shown with its real program in real tmux. */
export function driverContract(name: string, makeBench: () => DriverBench, prompts: Prompts): void {
  let bench: DriverBench;
  const submit = async (text: string): Promise<void> => {
    bench.paste(text);
    await bench.until("the pasted text in the composer", () => bench.glance().composer);
    bench.press("Enter");
  };
  /** These prompts reached the model, in order, and no other; a transcript may be written behind the end of the turn. */
  const reached = async (...texts: string[]): Promise<void> => {
    await bench.until("the prompts in the transcript", () => bench.prompts().length >= texts.length);
    expect(bench.prompts()).toEqual(texts);
  };
  const ready = () => bench.until("ready", () => bench.isReady());
  const session = () => bench.readings().findLast((reading) => reading.session)?.session ?? "";

  describe(`driver ${name}`, () => {
    beforeEach(async () => {
      bench = makeBench();
      bench.start();
      await ready();
    });
    afterEach(() => bench.close());

    test("starts without a dialog and tells that it is ready", () => {
      expect(bench.glance()).toEqual({ composer: "", isDialog: false });
      expect(bench.readings().some((reading) => reading.activity === "idle" && reading.session)).toBe(true);
    });

    test("a marked prompt leaves a receipt, reaches the model once and its turn's end is heard", async () => {
      const text = mark(1, prompts.short);
      await submit(text);
      await bench.until("the end of the turn", () => done(bench) === 1);
      expect(bench.receipts()).toEqual(["muster-1764000000-000001"]);
      await reached(text);
      expect(
        bench
          .readings()
          .filter((reading) => reading.turn === "started")
          .map((reading) => reading.prompt),
      ).toEqual([text]);
    });

    test("a repeat never reaches the model; its text returns and C-u clears it", async () => {
      await submit(mark(1, prompts.short));
      await bench.until("the end of the turn", () => done(bench) === 1);
      await ready();
      bench.paste(mark(1, prompts.short));
      await bench.until("the paste", () => bench.glance().composer);
      const refused = () => bench.payloads().some((payload) => payload.muster_refused);
      bench.press("Enter");
      await bench.until("the refusal", refused);
      const isReturned = () =>
        bench
          .screen()
          .plain.join("\n")
          .includes(prompts.returned ?? "");
      const isBack = () => isReturned() && bench.glance().composer?.includes("⟦m:muster-");
      await bench.until("the text in the composer again", isBack);
      await bench.empty();
      await submit(mark(2, prompts.short));
      await bench.until("the next turn's end", () => done(bench) === 2);
      await reached(mark(1, prompts.short), mark(2, prompts.short));
    });

    test("a prompt of a busy CLI is queued, with its receipt at once and its turn later", async () => {
      if (!bench.driver.abilities.queuesWhileBusy) return;
      await submit(mark(1, prompts.long));
      await bench.until("busy", () => bench.readings().some((reading) => reading.activity === "busy"));
      await bench.until("a free composer", () => bench.glance().composer === "");
      await submit(mark(2, prompts.short));
      await bench.until("both receipts", () => bench.receipts().length === 2);
      expect(done(bench)).toBe(0);
      await reached(mark(1, prompts.long), mark(2, prompts.short));
    });

    test("a person's draft is seen as it is, wrapped lines and wide letters included", async () => {
      const draft = `draft ${"日本語 wide ".repeat(12)}and the end`;
      bench.press("-l", draft);
      await bench.until("the draft", () => bench.glance().composer === draft);
      await bench.empty();
    });

    test("hooks and settings are this agent's alone: all its files lie in its own folder, private", () => {
      const { files } = bench.driver.launch(bench.hire, bench.place);
      expect(files.filter(({ path }) => path.startsWith("/") || path.split("/").includes(".."))).toEqual([]);
      const spool = new Set(readdirSync(bench.place.spool).map((name) => name.split(".")[0]));
      expect([...spool]).toEqual([bench.hire.agent]);
    });

    test("a tool is told by its name, and so are tokens and the size of the context", async () => {
      const [tool, prompt] = prompts.tool;
      await submit(mark(1, prompt));
      await bench.until("the end of the turn", () => done(bench) === 1);
      await bench.until("the tool", () => bench.readings().some((reading) => reading.tool === tool));
      const usage = await bench.until(
        "the usage",
        () => bench.readings().findLast((reading) => (reading.usage?.contextTokens ?? 0) > 0)?.usage,
      );
      expect(usage.contextSize).toBeGreaterThan(usage.contextTokens);
    });

    test("Escape interrupts: idle in the same session, without the end of a turn, and the next prompt is taken", async () => {
      await submit(mark(1, prompts.long));
      await bench.until("the prompt in the transcript", () => bench.prompts().length === 1);
      bench.press("Escape");
      await bench.until("idle", () => (bench.recorded()?.activity ?? "idle") === "idle");
      expect(done(bench)).toBe(0);
      await bench.empty();
      await ready();
      await submit(mark(2, prompts.short));
      await bench.until("the end of the turn", () => done(bench) === 1);
      expect(new Set(bench.readings().flatMap((reading) => reading.session ?? [])).size).toBe(1);
    });

    test("compact keeps the session", async () => {
      const { compact } = bench.driver.abilities;
      if (!compact) return;
      const before = session();
      await submit(mark(1, prompts.short));
      await bench.until("the end of the turn", () => done(bench) === 1);
      await ready();
      bench.press("-l", compact);
      await bench.until("the command", () => bench.glance().composer === compact);
      bench.press("Enter");
      const told = () => bench.payloads().some((payload) => payload.hook_event_name === "PostCompact");
      await bench.until("the end of the compaction", told);
      await ready();
      expect(session()).toBe(before);
    });

    for (const choice of ["allow", "deny"] as const) {
      test(`a dialog is heard, seen, and answered with ${choice} through its hook`, async () => {
        if (!bench.driver.answer) return;
        await submit(mark(1, prompts.ask(bench)));
        const question = await bench.until(
          "the question",
          () => bench.readings().find((one) => one.question)?.question,
        );
        expect(question.tool).not.toBe("");
        await bench.until("the dialog", () => bench.glance().isDialog);
        expect(bench.glance().composer).toBeNull();
        await bench.until("waiting", () => bench.recorded()?.activity !== "busy");
        await bench.answer(choice, "not now");
        await bench.until("the end of the turn", () => done(bench) === 1);
        await bench.until("no dialog", () => !bench.glance().isDialog);
        const used = () => bench.payloads().some((payload) => payload.hook_event_name === "PostToolUse");
        if (choice === "allow") await bench.until("the tool's end", used);
        else expect(used()).toBe(false);
      });
    }

    test("clear begins a new session in the same program", async () => {
      const { clear } = bench.driver.abilities;
      if (!clear) return;
      const before = session();
      bench.press("-l", clear);
      await bench.until("the command", () => bench.glance().composer === clear);
      bench.press("Enter");
      await bench.until("another session", () => bench.readings().some((one) => one.session && one.session !== before));
      await ready();
      expect(bench.ended()).toBeNull();
    });

    test("exit ends with status 0", async () => {
      const { exit } = bench.driver.abilities;
      if (!exit) return;
      bench.press("-l", exit);
      await bench.until("the command", () => bench.glance().composer === exit);
      bench.press("Enter");
      expect(await bench.until("the end", () => bench.ended())).toEqual({ code: 0, signal: null });
      expect(bench.recorded()).toBeNull();
    });

    test("after kill -9 in a turn the session goes on, and what it got is not typed again", async () => {
      if (!bench.driver.abilities.canResume) return;
      const before = session();
      await submit(mark(1, prompts.long));
      await bench.until("the prompt in the transcript", () => bench.prompts().length === 1);
      process.kill(bench.pid, "SIGKILL");
      expect((await bench.until("the end", () => bench.ended())).signal).toBe(9);
      bench.start(before);
      await ready();
      expect(bench.recorded()?.session ?? before).toBe(before);
      await submit(mark(2, prompts.short));
      await bench.until("the end of the turn", () => done(bench) === 1);
      await reached(mark(1, prompts.long), mark(2, prompts.short));
    });
  });
}
