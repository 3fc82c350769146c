import { marksIn } from "../../src/core/mark.ts";
import { isOnlyOurs } from "../../src/engine/delivery/typed-text.ts";
import type { Seeded } from "./random.ts";

/** What a seed switches on; all are probabilities per tick. */
export interface Faults {
  crash: number;
  death: number;
  typing: number;
  enter: number;
  hang: number;
  hookCrash: number;
  dialog: number;
  urgent: number;
  duplicate: number;
  /** A person takes an earlier prompt out of the history and submits it again. */
  recall: number;
  /** Most ticks that a prompt hook, and that a turn may take. */
  slowHook: number;
  /** A person deletes what stands in the composer. */
  erase: number;
  longTurn: number;
  /** Somebody takes back a message that was not typed yet. */
  withdraw: number;
}

type Input =
  | { type: "paste"; text: string }
  | { type: "char"; char: string }
  | { type: "enter"; isOurs: boolean }
  | { type: "clear"; isOurs: boolean };

/** A prompt on its way through the hook into the model's context. */
interface Pending {
  text: string;
  /** Messages inside this prompt which the hook told the model to ignore, as repeats. */
  noted: string[];
  isOurs: boolean;
  ticks: number;
  hasHook: boolean;
  hookTicks: number;
}

/** Characters a person types; none of them occurs in our texts' marks. */
export const DRAFT = "q";

/** Model of a CLI with a composer, a prompt hook and a transcript, in which every step may be interleaved. */
export class Tui {
  incarnation = 1;
  isAlive = true;
  composer = "";
  input: Input[] = [];
  hungUntil = 0;
  busyUntil = 0;
  isDialog = false;
  private pending: Pending | null = null;
  private queue: Pending[] = [];
  private deadUntil = 0;
  /** Prompts the model got, in order. Survives incarnations, as a resumed session does. */
  transcript: string[] = [];
  /** Messages in the order in which the model got them, without the repeats it was told to ignore. */
  arrived: string[] = [];

  /** mid → incarnation that left the receipt. */
  receipts = new Map<string, number>();
  /** Delivered by transcript, as the daemon told the hook. */
  seen = new Set<string>();
  violations: string[] = [];
  /** Messages whose hook crashed: the one hole of the contract, counted apart. */
  unhooked = new Set<string>();

  constructor(
    private readonly random: Seeded,
    private readonly faults: Faults,
    private readonly without: { hookDedupe: boolean; hookSeen: boolean },
  ) {}

  get activity(): "idle" | "busy" | "waiting" {
    if (this.isDialog) return "waiting";
    // The CLI says busy only once its prompt hook has ended (Claude Code 2.1.328: the record follows the hook by 20-60 ms).
    return this.pending || this.queue.some((prompt) => prompt.hasHook) || this.busyUntil > 0 ? "busy" : "idle";
  }

  /** Typing into a busy CLI is a person's choice, with risks of its own: they are told apart. */
  private get how(): string {
    return this.faults.urgent > 0 ? " (urgent)" : "";
  }

  /** Nothing is being typed, submitted or thought about. */
  get isQuiet(): boolean {
    return this.activity === "idle" && this.queue.length === 0 && this.input.length === 0;
  }

  die(tick: number): void {
    this.isAlive = false;
    this.deadUntil = tick + 1 + this.random.upTo(20);
    this.composer = "";
    this.input = [];
    this.pending = null;
    this.queue = [];
    this.isDialog = false;
    this.busyUntil = 0;
  }

  tick(tick: number): void {
    if (!this.isAlive) {
      if (tick < this.deadUntil) return;
      this.isAlive = true;
      this.incarnation += 1;
    }
    if (tick < this.hungUntil) return;
    const next = this.input.shift();
    if (next) this.take(next);
    this.advance(tick);
  }

  /** The person's arrow-up: an old prompt stands in the empty composer again. */
  recall(): void {
    const old = this.transcript.filter((text) => marksIn(text).every((mid) => this.seen.has(mid)));
    if (this.composer !== "" || this.input.length > 0 || old.length === 0 || this.isDialog) return;
    this.composer = old.at(-1) ?? "";
  }

  private take(input: Input): void {
    if (this.isDialog) this.takeInDialog(input);
    else if (input.type === "paste") this.composer += input.text;
    else if (input.type === "char") this.composer += input.char;
    else if (input.type === "enter") this.submit(input.isOurs);
    else this.empty(input.isOurs);
  }

  private takeInDialog(input: Input): void {
    const { how } = this;
    if (input.type === "enter" && input.isOurs) this.violations.push(`our Enter answered a dialog${how}`);
    if (input.type === "paste") this.violations.push(`our text went into a dialog${how}`);
    if (input.type === "enter") this.isDialog = false;
  }

  private empty(isOurs: boolean): void {
    if (isOurs && this.composer.includes(DRAFT)) this.violations.push("a person's draft was cleared");
    this.composer = "";
  }

  private submit(isOurs: boolean): void {
    if (this.composer.trim() === "") return;
    if (isOurs && this.composer.includes(DRAFT)) this.violations.push("a person's draft was submitted by us");
    const { composer: text } = this;
    this.queue.push({
      text,
      noted: [],
      isOurs,
      ticks: 1 + this.random.upTo(6),
      hasHook: false,
      hookTicks: this.random.upTo(this.faults.slowHook),
    });
    this.composer = "";
  }

  private advance(tick: number): void {
    if (this.busyUntil > 0 && tick >= this.busyUntil && !this.isDialog) this.busyUntil = 0;
    if (this.busyUntil > 0 && this.random.chance(this.faults.dialog)) this.isDialog = true;
    const first = this.queue.find((prompt) => !prompt.hasHook);
    if (first && first.hookTicks-- <= 0) this.runHook(first);
    if (this.busyUntil > 0 || this.isDialog) return;
    this.pending ??= this.queue.find((prompt) => prompt.hasHook) ?? null;
    if (!this.pending) return;
    this.pending.ticks -= 1;
    if (this.pending.ticks > 0) return;
    const { text, noted } = this.pending;
    const fresh = marksIn(text).filter((mid) => !noted.includes(mid));
    if (this.pending.isOurs && fresh.length > 1) this.violations.push(`two messages were fused by us${this.how}`);
    this.arrived.push(...fresh);
    this.transcript.push(this.pending.text);
    this.queue = this.queue.filter((prompt) => prompt !== this.pending);
    this.pending = null;
    this.busyUntil = tick + 1 + this.random.upTo(this.faults.longTurn);
  }

  /** The prompt hook: receipt and filter in one. It runs when the prompt is submitted, idle or busy. */
  private runHook(prompt: Pending): void {
    const marks = marksIn(prompt.text);
    prompt.hasHook = true;
    if (marks.length === 0) return;
    if (this.random.chance(this.faults.hookCrash)) {
      for (const mid of marks) this.unhooked.add(mid);
      return;
    }
    const isKnown = (mid: string) =>
      (!this.without.hookDedupe && this.receipts.get(mid) === this.incarnation) ||
      (!this.without.hookSeen && this.seen.has(mid));
    prompt.noted = marks.filter(isKnown);
    const isRepeat = prompt.noted.length === marks.length;
    for (const mid of marks) if (!this.receipts.has(mid)) this.receipts.set(mid, this.incarnation);
    if (!isRepeat || !isOnlyOurs(prompt.text)) return;
    this.queue = this.queue.filter((other) => other !== prompt);
    this.composer += prompt.text;
  }
}
