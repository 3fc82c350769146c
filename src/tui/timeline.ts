import type { Line } from "./cells.ts";
import { type Entry, entryLines } from "./entry.ts";

/** Entries kept while the newest is shown, and while somebody looks at older ones. */
const KEPT = 1000;
const KEPT_SCROLLED = 4000;

/** What happened, as far as it is kept, and which part of it is on the screen. */
export class Timeline {
  private entries: Entry[] = [];
  /** Rows below the lowest that is shown; 0 = the newest entry is shown. */
  private offset = 0;
  private width = 80;
  private height = 10;
  private chosen: Entry | null = null;
  private cache = new WeakMap<Entry, { width: number; lines: Line[] }>();
  /** Newer ones were left out while somebody looked at old ones: the end must be asked for again. */
  isCut = false;

  get selected(): Entry | null {
    return this.chosen;
  }

  get isAtEnd(): boolean {
    return this.offset === 0;
  }

  get oldest(): number | undefined {
    return this.entries.find(({ seq }) => seq !== undefined)?.seq;
  }

  get newest(): number | undefined {
    return this.entries.findLast(({ seq }) => seq !== undefined)?.seq;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Ids that its entries are about, newest first. */
  refs(): string[] {
    return [...new Set(this.entries.map(({ ref }) => ref).filter(Boolean))].reverse();
  }

  add(entry: Entry): void {
    const isHeld = this.offset > 0 || this.chosen !== null;
    if (isHeld && this.entries.length >= KEPT_SCROLLED) {
      this.isCut = true;
      return;
    }
    this.entries.push(entry);
    if (this.offset > 0) this.offset += this.linesOf(entry).length;
    else if (!isHeld && this.entries.length > KEPT + KEPT / 10) this.entries = this.entries.slice(-KEPT);
  }

  /** Older ones, in order; what stands on the screen stays there. */
  prepend(older: Entry[]): void {
    this.entries = [...older, ...this.entries];
  }

  /** Another text for an entry; what stands on the screen stays there. */
  change(entry: Entry, text: string): void {
    const before = this.linesOf(entry).length;
    entry.text = text;
    this.cache.delete(entry);
    if (this.offset > 0) this.offset += this.linesOf(entry).length - before;
  }

  clear(): void {
    this.entries = [];
    this.offset = 0;
    this.chosen = null;
    this.isCut = false;
  }

  /** Moves by rows, up with a positive number, and the choice with them; false = there is nothing older here. */
  scroll(rows: number): boolean {
    const most = Math.max(0, this.total() - this.height);
    const wanted = this.offset + rows;
    this.offset = Math.max(0, Math.min(most, wanted));
    if (this.chosen) this.chosen = this.lowest() ?? null;
    return wanted <= most;
  }

  toEnd(): void {
    this.offset = 0;
    if (this.chosen) this.chosen = this.entries.at(-1) ?? null;
  }

  toTop(): void {
    this.scroll(Number.MAX_SAFE_INTEGER);
    if (this.chosen) this.chosen = this.entries[0] ?? null;
  }

  /** The lowest entry on the screen becomes the chosen one; `false` lets go of it. */
  choose(isChosen: boolean): void {
    this.chosen = isChosen ? (this.lowest() ?? null) : null;
  }

  /** The next older (1) or newer (-1) one; false = there is none. */
  step(by: 1 | -1): boolean {
    const at = this.chosen ? this.entries.indexOf(this.chosen) : this.entries.length;
    const next = this.entries[at - by];
    if (!next) return false;
    this.show(next);
    return true;
  }

  /** The next older (1) or newer (-1) entry that holds the words becomes the chosen one. */
  find(words: string, by: 1 | -1): boolean {
    const wanted = words.toLowerCase();
    const start = this.chosen ? this.entries.indexOf(this.chosen) - by : this.entries.length - 1;
    for (let at = start; at >= 0 && at < this.entries.length; at -= by) {
      const entry = this.entries[at];
      if (!entry || !`${entry.who} ${entry.text} ${entry.ref}`.toLowerCase().includes(wanted)) continue;
      this.show(entry);
      return true;
    }
    return false;
  }

  /** The rows to be shown, newest at the bottom. */
  rows(width: number, height: number): Line[] {
    if (width !== this.width) this.offset = 0;
    this.width = width;
    this.height = height;
    if (this.chosen) this.reveal(this.chosen);
    const wanted = this.offset + height;
    const rows: Line[] = [];
    for (let at = this.entries.length - 1; at >= 0 && rows.length < wanted; at -= 1) {
      const entry = this.entries[at] as Entry;
      const lines = entry === this.chosen ? this.linesOf(entry).map(marked) : this.linesOf(entry);
      rows.push(...lines.toReversed());
    }
    return rows.slice(this.offset, wanted).reverse();
  }

  private show(entry: Entry): void {
    this.chosen = entry;
    this.reveal(entry);
  }

  private reveal(entry: Entry): void {
    let below = 0;
    for (let at = this.entries.length - 1; this.entries[at] !== entry && at >= 0; at -= 1)
      below += this.linesOf(this.entries[at] as Entry).length;
    const own = this.linesOf(entry).length;
    if (below < this.offset) this.offset = below;
    if (below + own > this.offset + this.height) this.offset = below + own - this.height;
  }

  private lowest(): Entry | undefined {
    let below = 0;
    for (let at = this.entries.length - 1; at >= 0; at -= 1) {
      const entry = this.entries[at] as Entry;
      below += this.linesOf(entry).length;
      if (below > this.offset) return entry;
    }
    return this.entries[0];
  }

  private total(): number {
    return this.entries.reduce((sum, entry) => sum + this.linesOf(entry).length, 0);
  }

  private linesOf(entry: Entry): Line[] {
    const known = this.cache.get(entry);
    if (known?.width === this.width) return known.lines;
    const lines = entryLines(entry, this.width);
    this.cache.set(entry, { width: this.width, lines });
    return lines;
  }
}

const marked = (line: Line): Line => line.map(({ text }) => ({ text, style: "chosen" }));
