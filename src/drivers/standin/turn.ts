import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutMarks } from "../../core/mark.ts";
import { directivesIn } from "./directives.ts";
import { refusalOf, specificOf } from "./hooks.ts";
import { archive, composed, FOREMAN, lettersNamed, overwrite, post } from "./letters.ts";
import { type Action, choose, filled, type Letter } from "./scenario.ts";
import { Interrupted, type Stage, TurnFailure } from "./stage.ts";
import { diffOf, editText, forbidden, type Result, runCommand, writeText } from "./tools.ts";

type Input = Record<string, unknown>;

let tools = 0;

/** Letters of a text per token, as everybody estimates it. */
const TOKEN = 4;
/** How long an AI that keeps the rules waits before it overwrites its own unread letter. */
const LETTER_WAIT = 2000;

/** One prompt until its end: what the scenario or the prompt itself asks for, really done. */
export class Turn {
  /** An interrupt before any output gives the prompt back to the composer. */
  hasOutput = false;
  last = "";
  readonly #stop = new AbortController();

  constructor(
    readonly stage: Stage,
    readonly prompt: string,
  ) {}

  interrupt(): void {
    this.#stop.abort();
  }

  async play(): Promise<void> {
    const { session, rules, options } = this.stage;
    session.tokens += Math.ceil(this.prompt.length / TOKEN);
    const letters: string[] = [];
    for (const path of lettersNamed(this.prompt, options.letters)) letters.push(await this.#read(path));
    const text = [this.prompt.replace(/⟦\/?m:[^⟧\n]{0,80}⟧/g, "\n"), ...letters].join("\n");
    const chosen = choose(rules, text, options.seat, session.fired);
    if (!chosen) return await this.#all(directivesIn(text));
    session.fired.set(chosen.index, (session.fired.get(chosen.index) ?? 0) + 1);
    session.system("rule_fired", { rule: chosen.index });
    const names = { prompt: withoutMarks(this.prompt).trim(), letter: letters.join("\n"), seat: options.seat };
    for (const action of chosen.rule.actions) {
      await this.#do(filled(action, { names, groups: chosen.groups, cwd: options.cwd }));
    }
  }

  async #all(actions: Action[]): Promise<void> {
    for (const action of actions) await this.#do(action);
  }

  async #do(action: Action): Promise<void> {
    if (this.#stop.signal.aborted) throw new Interrupted();
    if (action.say !== undefined) this.#say(action.say);
    if (action.think !== undefined) await this.#think(action.think);
    if (action.hang !== undefined) Bun.sleepSync(action.hang);
    if (action.crash !== undefined) this.stage.crash(action.crash);
    if (action.usage !== undefined) this.stage.session.tokens = action.usage;
    if (action.cost !== undefined) this.stage.charge(action.cost);
    if (action.limit !== undefined) throw new TurnFailure("rate_limit", action.limit);
    await this.#useFor(action);
    if (this.#stop.signal.aborted) throw new Interrupted();
  }

  async #useFor(action: Action): Promise<void> {
    if (action.run !== undefined) await this.#tool("Bash", { command: action.run });
    if (action.write) await this.#tool("Write", { file_path: action.write.path, content: action.write.text });
    if (action.edit) {
      const { path, find, replace, text } = action.edit;
      await this.#tool("Edit", { file_path: path, old_string: find, new_string: replace ?? text });
    }
    if (action.patch) await this.#patch(action.patch.diff ?? diffOf(action.patch.edits ?? [], this.stage.options.cwd));
    if (action.tell) await this.#letter(action.tell, true);
    if (action.letter) await this.#letter(action.letter, false);
    if (action.ask) {
      const { tool, input } = action.ask;
      await this.#tool(tool, typeof input === "string" ? { command: input } : input, true);
    }
  }

  #say(text: string): void {
    const { session, stage } = { session: this.stage.session, stage: this.stage };
    this.hasOutput = true;
    this.last = text;
    session.tokens += Math.ceil(text.length / TOKEN);
    session.assistant([{ type: "text", text }]);
    stage.show(`● ${text}`);
    stage.said?.(text);
  }

  async #think(millis: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, millis);
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
  }

  /** An AI reads the letter which its prompt names, then puts it away. */
  async #read(path: string): Promise<string> {
    const text = readFileSync(path, "utf8");
    await this.#use("Read", { file_path: path }, false, async () => ({
      text,
      response: { type: "text", file: { filePath: path, content: text } },
    }));
    archive(path);
    return text;
  }

  async #letter(letter: Letter, isSafe: boolean): Promise<void> {
    const { mailbox, seat } = this.stage.options;
    const text = composed(letter, seat);
    const name = `to_${letter.to}.md`;
    // The Foreman's mailbox is one file.
    const isPosted = isSafe && seat !== FOREMAN;
    await this.#use("Write", { file_path: join(mailbox, isPosted ? "out" : name), content: text }, false, async () => {
      const path = isPosted
        ? post(mailbox, letter.to, text)
        : await overwrite(mailbox, name, text, letter.wait ?? LETTER_WAIT);
      return { text: `File written: ${path}`, response: { filePath: path } };
    });
  }

  async #patch(diff: string): Promise<void> {
    const path = join(this.stage.options.mailbox, "patch.diff");
    await this.#use("Write", { file_path: path, content: diff }, false, async () => writeText(path, diff, "/"));
  }

  /** A tool of the model, under the permission it was started with. */
  async #tool(tool: string, input: Input, asks = this.stage.options.asks && tool === "Bash"): Promise<void> {
    const { options } = this.stage;
    const path = input.file_path === undefined ? undefined : String(input.file_path);
    const reason = forbidden(options, tool, path);
    await this.#use(tool, input, asks && reason === null, async () => {
      if (reason !== null) return { text: reason, response: {}, isError: true };
      return await this.#really(tool, input, path ?? "");
    });
  }

  async #really(tool: string, input: Input, path: string): Promise<Result> {
    const { cwd } = this.stage.options;
    if (tool === "Bash") return await runCommand(String(input.command ?? ""), cwd, this.#stop.signal);
    if (tool === "Write") return writeText(path, String(input.content ?? ""), cwd);
    const text = (key: string) => (input[key] === undefined ? undefined : String(input[key]));
    if (tool === "Edit") {
      const [find, replace] = [text("old_string"), text("new_string")];
      return editText({ path, find, replace, text: replace }, cwd);
    }
    return { text: `${tool} done`, response: {} };
  }

  /** The hooks, the dialog and the transcript lines around one use of a tool. */
  async #use(tool: string, input: Input, asks: boolean, work: () => Promise<Result>): Promise<void> {
    const { stage } = this;
    const id = `toolu_${stage.session.id.slice(0, 8)}_${++tools}`;
    const about = { tool_name: tool, tool_input: input, tool_use_id: id };
    const started = performance.now();
    this.hasOutput = true;
    stage.session.assistant([{ type: "tool_use", id, name: tool, input }]);
    stage.show(`● ${tool}(${String(input.command ?? input.file_path ?? "").slice(0, 100)})`);
    const refusal = await this.#before(tool, input, about, asks);
    const isDenied = refusal !== null;
    const result = isDenied ? { text: refusal, response: {}, isError: true } : await this.#work(work);
    const more = { ...about, duration_ms: Math.round(performance.now() - started) };
    const content = { type: "tool_result", tool_use_id: id, content: result.text, is_error: result.isError === true };
    stage.session.user([content], { toolUseResult: result.response });
    stage.session.tokens += Math.ceil(result.text.length / TOKEN);
    stage.show(`  ⎿ ${result.text.split("\n").slice(0, 4).join("\n    ").slice(0, 400)}`);
    if (isDenied) return;
    if (result.isError)
      await stage.fire("PostToolUseFailure", { ...more, error: result.text, is_interrupt: false }, tool);
    else await stage.fire("PostToolUse", { ...more, tool_response: result.response }, tool);
  }

  async #work(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      return { text: error instanceof Error ? error.message : String(error), response: {}, isError: true };
    }
  }

  /** Why the tool may not be used; null = it may. */
  async #before(tool: string, input: Input, about: object, asks: boolean): Promise<string | null> {
    const outcomes = await this.stage.fire("PreToolUse", { ...about }, tool);
    for (const outcome of outcomes) {
      const refusal = refusalOf(outcome);
      const decision = specificOf(outcome);
      if (refusal !== null) return refusal;
      if (decision.permissionDecision === "deny") return String(decision.permissionDecisionReason ?? "denied");
      if (decision.permissionDecision === "allow") return null;
    }
    if (!asks) return null;
    const answer = await this.stage.ask(tool, input);
    return answer.isAllowed ? null : `The user doesn't want to proceed with this tool use. ${answer.reason}`.trim();
  }
}
