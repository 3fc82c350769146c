import type { Client } from "../client/client.ts";
import type { News } from "../client/follow.ts";
import type { ConsoleReply, WholeMessage } from "../core/api.ts";
import { knownOf } from "../core/console-completion.ts";
import { parseConsoleLine, rightFor } from "../core/console-line.ts";
import type { Event } from "../core/facts.ts";
import type { Millis, Seq } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import { oneLine, type Style } from "./cells.ts";
import { Completer } from "./complete.ts";
import { detailLines } from "./detail.ts";
import { type Entry, entryOf, letterText } from "./entry.ts";
import { frameOf } from "./frame.ts";
import { helpLines } from "./help.ts";
import type { Press } from "./keys.ts";
import { carryOut } from "./lines.ts";
import { type Acts, pressIn } from "./modes.ts";
import { Page } from "./page.ts";
import type { Frame, Size } from "./painter.ts";
import { older, since } from "./past.ts";
import { stepTexts, taskAt } from "./plan.ts";
import { View } from "./view.ts";

/** The world as the console needs it. */
export interface ConsoleWorld {
  client: Client;
  now(): Millis;
  /** The clipboard's image, kept where the team can read it; its path, or null. */
  image(repo: string): Promise<string | null>;
  /** The image file that a pasted text names, or null. */
  imageAt(text: string): string | null;
  size(): Size;
  /** Something changed: a frame is due. */
  changed(): void;
  /** Everything is to be drawn again. */
  redraw(): void;
  leave(): void;
}

/** Entries of the beginning, and those that scrolling back brings. */
const FIRST = 200;
const MORE = 200;
/** Letters of the past whose whole text is asked for at once. */
const LETTERS = 20;
/** Keys of accepted messages are for the daemon's decisions; here they would only grow. */
const FORGET_EVERY = 5000;

/** The console of one team: takes presses and news, gives frames. */
export class Console {
  readonly view: View;
  private readonly acts: Acts;
  private readonly completer = new Completer();
  private oldestSeen = 0;
  /** The last fact that was heard of. */
  private seen: Seq = 0;
  private missedAfter: Seq | null = null;
  private isLoading = false;
  private told = 0;

  constructor(
    private readonly world: ConsoleWorld,
    team: string,
  ) {
    this.view = new View(team);
    this.acts = {
      submit: (line) => void this.submit(line),
      complete: (by) => this.complete(by),
      pasteImage: () => void this.pasteImage(),
      paste: (text) => this.paste(text),
      help: () => this.page("Help", helpLines()),
      open: () => this.open(),
      openTask: (at) => this.openTask(at),
      older: () => this.older(),
      newest: () => void this.newest(),
      clear: () => {
        this.view.timeline.clear();
        this.oldestSeen = this.seen + 1;
        world.redraw();
      },
      redraw: () => world.redraw(),
      leave: () => world.leave(),
    };
  }

  frame(): Frame {
    return frameOf(this.view, this.world.size(), this.world.now());
  }

  press(press: Press): void {
    const isCompleting = "key" in press && (press.key === "tab" || press.key === "shift-tab");
    if (!isCompleting) this.completer.forget();
    pressIn(this.view, press, this.acts, this.world.size().rows);
    this.world.changed();
  }

  /** Follows the daemon until the signal; connects again by itself. */
  async follow(signal: AbortSignal): Promise<void> {
    const { client, now } = this.world;
    const line = (isConnected: boolean) => {
      if (isConnected) this.view.staleSince = null;
      else this.view.staleSince ??= now();
      this.world.changed();
    };
    for await (const news of client.follow(signal, line)) await this.hear(news);
  }

  private async hear({ state, facts, isFresh }: News): Promise<void> {
    const last = this.seen;
    this.view.state = state;
    this.seen = state.seq;
    if (isFresh && last === 0) await this.begin();
    // A stream that had to begin anew does not tell what was missed.
    else if (isFresh) this.missedAfter ??= last;
    if (this.missedAfter === null) this.add(facts);
    else await this.catchUp(this.missedAfter);
    this.told += facts.length;
    if (this.told > FORGET_EVERY) {
      this.told = 0;
      state.accepted = {};
    }
    this.world.changed();
  }

  /** Asks for what was missed; until it has come, newer facts wait for it. */
  private async catchUp(after: Seq): Promise<void> {
    try {
      this.add(await since(this.world.client, after));
      this.missedAfter = null;
    } catch (error) {
      this.complain(error);
    }
  }

  private add(facts: Event[]): void {
    const { state, name, timeline } = this.view;
    for (const fact of facts) {
      const entry = state && fact.seq > (timeline.newest ?? 0) ? entryOf(fact, state, name) : null;
      if (entry) timeline.add(entry);
      if (entry?.isCut) void this.whole(entry);
    }
  }

  /** The user reads letters here: one that was cut is shown whole as soon as its text has come. */
  private async whole(entry: Entry): Promise<void> {
    const found = await this.world.client.get<WholeMessage>(`/api/messages/${entry.ref}`).catch(() => null);
    if (!found) return;
    this.view.timeline.change(entry, letterText(found.body));
    this.world.changed();
  }

  private async begin(): Promise<void> {
    const { state, timeline } = this.view;
    if (!state) return;
    this.oldestSeen = state.seq + 1;
    await this.older(FIRST);
    timeline.toEnd();
  }

  /** Brings older entries from the ledger; false = there are none. */
  private async older(count = MORE): Promise<boolean> {
    const { state, name, timeline } = this.view;
    if (!state || this.isLoading || this.oldestSeen <= 1) return false;
    this.isLoading = true;
    try {
      const past = await older(this.world.client, this.oldestSeen, count, state, name);
      this.oldestSeen = past.from + 1;
      timeline.prepend(past.entries);
      for (const entry of past.entries.filter(({ isCut }) => isCut).slice(-LETTERS)) void this.whole(entry);
      return past.entries.length > 0;
    } catch (error) {
      this.complain(error);
      return false;
    } finally {
      this.isLoading = false;
      this.world.changed();
    }
  }

  /** The end of the timeline, when entries were left out while older ones were shown. */
  private async newest(): Promise<void> {
    if (!this.view.timeline.isCut) return;
    this.view.timeline.clear();
    await this.begin();
  }

  private say(text: string, style: Style = "plain"): void {
    this.view.hint = { text: oneLine(text), style };
    this.world.changed();
  }

  private complain(error: unknown): void {
    // A daemon that ends while it answers cuts its answer.
    if (error instanceof SyntaxError) this.say("the answer was cut; the timeline shows whether it was done", "warn");
    else if (!(error instanceof Refusal)) throw error;
    else this.say(`${error.message}${error.hint ? `; ${error.hint}` : ""}`, "warn");
  }

  private async submit(line: string): Promise<void> {
    const { view, world } = this;
    view.history.add(line);
    view.editor.set("");
    try {
      const local = { leave: world.leave, help: this.acts.help, pasteImage: () => this.pasteImage() };
      this.show(line, await carryOut(world.client, view, line, local));
    } catch (error) {
      // Nothing that was written is lost.
      if (view.editor.isEmpty) view.editor.set(line);
      this.complain(error);
    }
  }

  /** What a question is answered stands in the timeline: it must not vanish with the next key. Deeds show there by themselves. */
  private show(line: string, answer: ConsoleReply | null): void {
    if (!answer) return;
    const { lines, tone } = answer;
    const understood = parseConsoleLine(line, this.view.setting);
    if (rightFor(understood) !== "read" || understood.kind !== "command") {
      this.say(lines.join("; "), tone === "plain" ? "dim" : tone);
      return;
    }
    const rows = lines.flatMap((text) => text.split("\n"));
    for (const [index, text] of rows.entries()) {
      const who = index === 0 ? `/${understood.name}` : "";
      this.view.timeline.add({ at: this.world.now(), who, tone, text: oneLine(text), ref: "" });
    }
    this.world.changed();
  }

  private complete(by: 1 | -1): void {
    const { editor, state, name, timeline } = this.view;
    const words = this.completer.press(editor, by, () => knownOf(state, name, timeline.refs()));
    if (words.length > 1) this.say(words.map((word) => word.trim()).join("  "), "dim");
  }

  private page(title: string, lines: readonly string[]): Page {
    const { view } = this;
    const back = view.mode.kind === "page" ? view.mode.back : view.mode;
    const page = new Page(title, lines);
    view.mode = { kind: "page", page, back };
    this.world.changed();
    return page;
  }

  /** The page of the entry that is chosen; its text comes a moment later. */
  private open(): void {
    const { state, timeline } = this.view;
    const entry = timeline.selected;
    if (!entry || !state) return;
    const page = this.page(`${entry.who}  ${entry.ref}`, [entry.text]);
    detailLines(this.world.client, state, entry).then(
      (lines) => {
        page.fill(lines);
        this.world.changed();
      },
      (error) => this.complain(error),
    );
  }

  private openTask(at: number): void {
    const boards = this.view.state?.boards[this.view.name];
    const id = taskAt(boards, at);
    const task = boards?.tasks[id];
    if (!task) return;
    this.page(`${id}  ${task.name}`, [
      `File      ${task.path}`,
      `Goal      ${task.goal}`,
      "",
      ...stepTexts(boards, id),
    ]);
  }

  private async pasteImage(): Promise<void> {
    const repo = this.view.team?.repo;
    const path = repo === undefined ? null : await this.world.image(repo);
    if (path) this.view.editor.insert(`@${path} `);
    else
      this.say(
        "no image in the clipboard that wl-paste, xclip or pngpaste can read; the path of an image can be pasted",
        "warn",
      );
    this.world.changed();
  }

  private paste(text: string): void {
    const path = this.world.imageAt(text);
    this.view.editor.insert(path === null ? text : `@${path} `);
  }
}
