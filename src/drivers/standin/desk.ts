import { visible } from "../../core/text.ts";
import { uuidFrom } from "../session-id.ts";
import { type Composer, EMPTY, insert } from "./composer.ts";
import type { Events } from "./events.ts";
import type { Dialog } from "./frame.ts";
import { type Outcome, refusalOf, specificOf } from "./hooks.ts";
import type { Rule } from "./scenario.ts";
import type { Session } from "./session.ts";
import { type Answer, Interrupted, type Stage, TurnFailure } from "./stage.ts";
import { runCommand } from "./tools.ts";
import { Turn } from "./turn.ts";

/** A prompt, a slash command or a shell line that waits for its turn. */
interface Item {
  text: string;
  /** What the composer held, to be given back. */
  box: Composer;
  kind: "prompt" | "command" | "shell";
  context: string;
}

/** Milliseconds until Claude Code 2.1.328 tells that a dialog is still open. */
const NOTICE = 6000;
/** Tokens of a summary after /compact. */
const COMPACTED = 2000;
const LOG = 300;

/** Takes prompts one after the other, asks, compacts and clears: the AI CLI without its terminal. */
export class Desk implements Stage {
  composer: Composer = EMPTY;
  log: string[] = [];
  queue: Item[] = [];
  dialog: (Dialog & { answer: (answer: Answer) => void; abort: AbortController }) | null = null;
  busySince: number | null = null;
  #turn: Turn | null = null;
  #command: AbortController | null = null;
  #admission = Promise.resolve();
  #admitting = 0;
  #isDraining = false;
  #prompts = 0;

  constructor(
    readonly session: Session,
    readonly rules: Rule[],
    readonly events: Events,
    readonly refresh: () => void,
    readonly crash: (how: number | string) => void,
  ) {}

  get options() {
    return this.session.options;
  }

  show(text: string): void {
    this.log.push(...visible(text).split("\n"));
    if (this.log.length > LOG) this.log.splice(0, this.log.length - LOG);
    this.refresh();
  }

  fire(event: string, more: Record<string, unknown>, subject?: string, signal?: AbortSignal): Promise<Outcome[]> {
    return this.events.fire(event, more, subject, signal);
  }

  charge(cost: number): void {
    this.session.cost = cost;
    this.events.status();
  }

  /** Prompts are admitted in the order of their Enter, whatever their hooks take. */
  submit(text: string): void {
    const box = this.composer;
    const kind = text.startsWith("!") ? "shell" : /^\/[A-Za-z][\w-]*(\s|$)/.test(text) ? "command" : "prompt";
    const item: Item = { text, box, kind, context: "" };
    this.composer = EMPTY;
    this.#admitting++;
    this.settle();
    this.#admission = this.#admission.then(() => this.#admit(item));
  }

  interrupt(): void {
    this.#turn?.interrupt();
    this.#command?.abort();
  }

  /** Shows on the record and the screen what is so now. */
  settle(): void {
    const isBusy = this.#isDraining || this.#admitting > 0;
    if (!isBusy) this.busySince = null;
    else this.busySince ??= Date.now();
    if (this.dialog) this.session.show("waiting", "permission prompt");
    else this.session.show(isBusy ? "busy" : "idle");
    this.refresh();
  }

  async ask(tool: string, input: Record<string, unknown>): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const abort = new AbortController();
    const text = visible(typeof input.command === "string" ? input.command : JSON.stringify(input));
    this.dialog = { tool: visible(tool), input: text, selected: 0, answer: resolve, abort };
    this.settle();
    const message = "Claude needs your permission";
    const notice = setTimeout(
      () => void this.fire("Notification", { message, notification_type: "permission_prompt" }),
      NOTICE,
    );
    const request = { tool_name: tool, tool_input: input, permission_suggestions: [] };
    void this.fire("PermissionRequest", request, tool, abort.signal).then((outcomes) => {
      for (const decision of outcomes.map((outcome) => specificOf(outcome).decision)) {
        const { behavior, message: reason } = (decision ?? {}) as { behavior?: string; message?: string };
        if (behavior === "allow" || behavior === "deny")
          resolve({ isAllowed: behavior === "allow", reason: reason ?? "" });
      }
    });
    const answer = await promise;
    clearTimeout(notice);
    abort.abort();
    this.dialog = null;
    this.settle();
    return answer;
  }

  async #admit(item: Item): Promise<void> {
    const refusal = item.kind === "prompt" ? await this.#refusal(item) : null;
    this.#admitting--;
    if (refusal !== null) this.#refuse(item, refusal);
    else this.#enqueue(item);
    this.settle();
  }

  async #refusal(item: Item): Promise<string | null> {
    this.events.promptId = uuidFrom(`${this.session.id}/prompt${++this.#prompts}`);
    for (const outcome of await this.fire("UserPromptSubmit", { prompt: item.text })) {
      const refusal = refusalOf(outcome);
      if (refusal !== null) return refusal;
      if (outcome.code !== 0) this.show(`⚠ UserPromptSubmit hook failed (${outcome.code ?? "killed"})`);
      item.context += String(specificOf(outcome).additionalContext ?? "");
    }
    return null;
  }

  /** The text of a refused or interrupted prompt comes back into the composer, before what was typed meanwhile. */
  #giveBack(box: Composer): void {
    const start = { ...box, cursor: box.text.length, pastes: { ...box.pastes, ...this.composer.pastes } };
    this.composer = insert(start, this.composer.text);
  }

  #refuse(item: Item, reason: string): void {
    const content = `UserPromptSubmit operation blocked by hook:\n${reason}\n\nOriginal prompt: ${item.text}`;
    this.session.system("informational", { content, level: "warning" });
    this.show(content);
    this.#giveBack(item.box);
  }

  #enqueue(item: Item): void {
    this.queue.push(item);
    if (!this.#isDraining) return void this.#drain();
    this.session.write({ type: "queue-operation", operation: "enqueue", content: item.text });
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    for (let item = this.queue.shift(); item; item = this.queue.shift()) {
      this.show(`> ${item.text}`);
      this.settle();
      if (item.kind === "prompt") await this.#prompt(item);
      else if (item.kind === "shell") await this.#shell(item.text.slice(1).trim());
      else await this.#slash(item.text);
    }
    this.#isDraining = false;
    this.settle();
  }

  /** The model takes the prompt here, and only here is it written as one. */
  async #prompt(item: Item): Promise<void> {
    this.session.user(item.text, { origin: { kind: "human" }, promptId: this.events.promptId });
    if (item.context) this.session.system("additional_context", { content: item.context });
    const started = Date.now();
    let reason = await this.#turnOf(item.text, item, false);
    while (reason !== null) {
      this.session.user(`Stop hook feedback:\n${reason}`, { isMeta: true });
      reason = await this.#turnOf(reason, item, true);
    }
    this.session.system("turn_duration", { durationMs: Date.now() - started });
  }

  /** One turn; what a Stop hook wants to go on with, or null. */
  async #turnOf(text: string, item: Item, isAgain: boolean): Promise<string | null> {
    const turn = new Turn(this, text);
    this.#turn = turn;
    try {
      await turn.play();
    } catch (error) {
      await this.#failed(error, turn, item);
      return null;
    } finally {
      this.#turn = null;
    }
    this.events.status();
    const more = {
      stop_hook_active: isAgain,
      last_assistant_message: turn.last,
      background_tasks: [],
      session_crons: [],
    };
    const outcomes = await this.fire("Stop", more);
    return outcomes.map(refusalOf).find((refusal) => refusal !== null) ?? null;
  }

  /** No hook tells of an interrupt, as with Claude Code; a failure fires StopFailure instead of Stop. */
  async #failed(error: unknown, turn: Turn, item: Item): Promise<void> {
    if (error instanceof Interrupted) {
      if (!turn.hasOutput) return this.#giveBack(item.box);
      this.session.user([{ type: "text", text: "[Request interrupted by user for tool use]" }], { isMeta: true });
      return this.show("  ⎿ Interrupted");
    }
    const kind = error instanceof TurnFailure ? error.kind : "unknown";
    const text = `API Error: ${error instanceof Error ? error.message : error}`;
    this.session.assistant([{ type: "text", text }]);
    this.show(`● ${text}`);
    await this.fire("StopFailure", { error: kind, last_assistant_message: text });
  }

  async #shell(command: string): Promise<void> {
    this.#command = new AbortController();
    this.session.user(`<bash-input>${command}</bash-input>`, { isMeta: true });
    const result = await runCommand(command, this.options.cwd, this.#command.signal);
    this.#command = null;
    this.session.user(`<bash-stdout>${result.text}</bash-stdout>`, { isMeta: true });
    this.show(`  ⎿ ${result.text}`);
  }

  async #slash(text: string): Promise<void> {
    const name = text.split(/\s/)[0];
    if (name === "/clear") await this.#clear();
    else if (name === "/compact") await this.#compact(text.slice("/compact".length).trim());
    else this.show(`Unknown command: ${name}`);
  }

  async #clear(): Promise<void> {
    await this.fire("SessionEnd", { reason: "clear" });
    this.session.renew();
    this.events.promptId = undefined;
    this.log = [];
    this.settle();
    await this.fire("SessionStart", { source: "clear" }, "clear");
    this.events.status();
  }

  async #compact(instructions: string): Promise<void> {
    await this.fire("PreCompact", { trigger: "manual", custom_instructions: instructions || null }, "manual");
    const before = this.session.tokens;
    this.session.tokens = Math.min(before, COMPACTED);
    this.session.system("compact_boundary", { compactMetadata: { trigger: "manual", preTokens: before } });
    const summary = `Summary of ${before} tokens.`;
    this.show(summary);
    await this.fire("PostCompact", { trigger: "manual", compact_summary: summary }, "manual");
    await this.fire("SessionStart", { source: "compact", model: this.options.model }, "compact");
    this.events.status();
  }
}
