import {
  type Bridge,
  type BridgeAbilities,
  BridgeDown,
  type Button,
  type Incoming,
  type Outgoing,
  type Platform,
  TooFast,
  Unsendable,
} from "../../src/core/bridges/port.ts";
import type { Clock } from "../../src/core/ports.ts";

export const MEMORY_ABILITIES: BridgeAbilities = {
  ...{ maxChars: 4096, maxLines: 32, canEdit: true, canButtons: true, canFiles: true, isOutOnly: false },
};

/** A message as the platform shows it. */
export interface Shown {
  id: string;
  chat: string;
  text: string;
  buttons: Button[];
  file?: { name: string; bytes: Uint8Array; sendAs: string };
  at: number;
  edits: number;
}

/** What several connections see: a restart of Muster does not change what stands in a chat. */
export class MemoryPlatform {
  readonly shown: Shown[] = [];
  /** Every accepted sending, in order: `key` each. */
  readonly taken: string[] = [];
  /** Sendings that were refused, in words. */
  readonly refusals: string[] = [];
  isDown = false;
  /** The answer to the next sending gets lost after it was taken. */
  losesAnswer = false;
  /** Milliseconds that must lie between two sendings. */
  gapMs = 0;
  private readonly byKey = new Map<string, string>();
  /** Messages of people, so far. */
  updates = 0;
  private ids = 0;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly clock: Clock,
    readonly abilities: BridgeAbilities = MEMORY_ABILITIES,
  ) {}

  texts(chat?: string): string[] {
    return this.shown.filter((one) => chat === undefined || one.chat === chat).map(({ text }) => text);
  }

  take(outgoing: Outgoing): string {
    if (this.isDown) throw new BridgeDown("nobody answers");
    this.requirePace();
    const known = this.byKey.get(outgoing.key);
    const id = known ?? this.show(outgoing);
    this.byKey.set(outgoing.key, id);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new BridgeDown("the answer got lost");
    }
    return id;
  }

  /** As strict as real ones: a sending too early is refused, with the time to wait. */
  private requirePace(): void {
    const now = this.clock.now();
    const { rate } = this.abilities;
    const recent = rate ? this.shown.filter(({ at }) => at > now - rate.windowMs) : [];
    const oldest = rate ? recent.at(-rate.messages) : undefined;
    const byRate = rate && oldest ? oldest.at + rate.windowMs - now : 0;
    const wait = Math.max(byRate, this.lastAt + this.gapMs - now);
    if (wait <= 0) {
      this.lastAt = now;
      return;
    }
    this.refusals.push(`429, retry after ${wait}`);
    throw new TooFast(wait);
  }

  private refuse(why: string): never {
    this.refusals.push(why);
    throw new Unsendable(why);
  }

  private requireFit(outgoing: Outgoing): void {
    const { maxChars, maxLines, canFiles, canEdit } = this.abilities;
    const text = outgoing.kind === "file" ? outgoing.caption : outgoing.text;
    if (outgoing.kind === "file" && !canFiles) this.refuse("no files here");
    if (outgoing.kind === "edit" && !canEdit) this.refuse("no edits here");
    if (outgoing.kind !== "file" && text.trim() === "") this.refuse("the text is empty");
    if (!text.isWellFormed()) this.refuse("half a character");
    if (text.length > maxChars) this.refuse(`${text.length} characters; at most ${maxChars}`);
    if (text.split("\n").length > maxLines) this.refuse(`too many lines; at most ${maxLines}`);
    this.requireButtons(outgoing.kind === "file" ? [] : (outgoing.buttons ?? []));
  }

  private requireButtons(buttons: Button[]): void {
    if (buttons.length > 0 && !this.abilities.canButtons) this.refuse("no buttons here");
    for (const { label, data } of buttons) {
      const size = new TextEncoder().encode(data).length;
      if (label === "" || size === 0 || size > 64) this.refuse(`bad button ${label}`);
    }
  }

  private show(outgoing: Outgoing): string {
    this.requireFit(outgoing);
    this.taken.push(outgoing.key);
    const { chat } = outgoing;
    if (outgoing.kind === "edit") {
      const message = this.shown.find((one) => one.id === outgoing.id && one.chat === chat);
      if (!message) this.refuse(`no message ${outgoing.id}`);
      Object.assign(message, { text: outgoing.text, buttons: outgoing.buttons ?? [], edits: message.edits + 1 });
      return message.id;
    }
    const id = String(++this.ids);
    const about = { id, chat, at: this.clock.now(), edits: 0 };
    if (outgoing.kind === "text") this.shown.push({ ...about, text: outgoing.text, buttons: outgoing.buttons ?? [] });
    else {
      const { name, bytes, sendAs, caption } = outgoing;
      this.shown.push({ ...about, text: caption, buttons: [], file: { name, bytes, sendAs } });
    }
    return id;
  }
}

/** A bridge to a platform in memory: strict, and as unreliable as it is told to be. */
export class MemoryBridge implements Bridge {
  readonly abilities: BridgeAbilities;
  starts = 0;
  private receive: ((incoming: Incoming) => Promise<void>) | null = null;
  private break_: (() => void) | null = null;

  constructor(
    readonly platform: Platform,
    readonly there: MemoryPlatform,
  ) {
    this.abilities = there.abilities;
  }

  async start(receive: (incoming: Incoming) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.starts += 1;
    this.receive = receive;
    const broken = Promise.withResolvers<void>();
    this.break_ = () => broken.reject(new BridgeDown("the connection broke"));
    signal.addEventListener("abort", () => broken.resolve());
    if (signal.aborted) broken.resolve();
    try {
      await broken.promise;
    } finally {
      this.receive = null;
    }
  }

  async send(outgoing: Outgoing): Promise<string> {
    return this.there.take(outgoing);
  }

  /** The connection breaks. */
  cut(): void {
    this.break_?.();
  }

  get isListening(): boolean {
    return this.receive !== null;
  }

  /** An update as the platform brings it; the same `message` twice is the same update again. */
  async update(text: string, more: Partial<Incoming> = {}): Promise<void> {
    if (!this.receive) throw new Error("nobody listens");
    const message = more.message ?? String(++this.there.updates);
    await this.receive({ chat: "7", message, sender: "mia", text, isGroup: false, isMention: false, ...more });
  }
}
