import { visible } from "../core/text.ts";
import { clusters } from "./cells.ts";

/** Longest text that is kept; a paste beyond it is cut. */
const LONGEST = 64 * 1024;

const isBlank = (cluster: string | undefined): boolean => cluster === undefined || /^\s$/.test(cluster);

/** The line that is being written: text of one or more lines, and where the cursor stands in it. */
export class Editor {
  private cells: string[] = [];
  /** Clusters before the cursor. */
  private at = 0;
  private killed = "";

  get text(): string {
    return this.cells.join("");
  }

  get isEmpty(): boolean {
    return this.cells.length === 0;
  }

  /** The text before the cursor. */
  get before(): string {
    return this.cells.slice(0, this.at).join("");
  }

  /** Replaces everything; the cursor stands at the end. */
  set(text: string): void {
    this.cells = clusters(text);
    this.at = this.cells.length;
  }

  /** Inserts a text as it is shown: what it hides becomes visible, tabs become blanks. */
  insert(text: string): void {
    const safe = visible(text).replaceAll("\t", "  ");
    this.join(this.before + safe.slice(0, Math.max(0, LONGEST - this.text.length)));
  }

  /** Puts another text in the place of the last `length` code units before the cursor. */
  replaceBefore(length: number, text: string): void {
    const { before } = this;
    this.join(before.slice(0, before.length - length) + text);
  }

  /** Does what a key means; false = it means nothing here. */
  press(key: string): boolean {
    const act = this.keys[key];
    act?.();
    return act !== undefined;
  }

  /** Moves a line up or down inside of a text of several lines; false = there is none. */
  moveLine(step: 1 | -1): boolean {
    const starts = this.lineStarts();
    const line = starts.findLastIndex((start) => start <= this.at);
    const target = starts[line + step];
    if (target === undefined) return false;
    const column = this.at - (starts[line] ?? 0);
    const end = (starts[line + step + 1] ?? this.cells.length + 1) - 1;
    this.at = Math.min(target + column, end);
    return true;
  }

  private readonly keys: Record<string, () => void> = {
    left: () => this.move(this.at - 1),
    right: () => this.move(this.at + 1),
    "ctrl-b": () => this.move(this.at - 1),
    "ctrl-f": () => this.move(this.at + 1),
    home: () => this.move(this.lineStart()),
    end: () => this.move(this.lineEnd()),
    "ctrl-a": () => this.move(this.lineStart()),
    "ctrl-e": () => this.move(this.lineEnd()),
    "alt-b": () => this.move(this.wordStart()),
    "alt-f": () => this.move(this.wordEnd()),
    "ctrl-left": () => this.move(this.wordStart()),
    "ctrl-right": () => this.move(this.wordEnd()),
    backspace: () => this.cut(this.at - 1, this.at),
    "alt-backspace": () => this.kill(this.wordStart(), this.at),
    delete: () => this.cut(this.at, this.at + 1),
    "ctrl-d": () => this.cut(this.at, this.at + 1),
    "ctrl-w": () => this.kill(this.wordStart(), this.at),
    "ctrl-u": () => this.kill(this.lineStart(), this.at),
    "ctrl-k": () => this.kill(this.at, this.lineEnd()),
    "ctrl-y": () => this.insert(this.killed),
    "ctrl-j": () => this.insert("\n"),
    "alt-enter": () => this.insert("\n"),
  };

  private move(at: number): void {
    this.at = Math.max(0, Math.min(this.cells.length, at));
  }

  /** What stands before the cursor from now on; a mark that joins its neighbour makes one cluster with it. */
  private join(before: string): void {
    const after = this.cells.slice(this.at).join("");
    this.cells = clusters(before + after);
    let length = 0;
    this.at = this.cells.length;
    for (const [index, cell] of this.cells.entries()) {
      if (length >= before.length) {
        this.at = index;
        break;
      }
      length += cell.length;
    }
  }

  private cut(from: number, to: number): void {
    const start = Math.max(0, from);
    const after = this.cells.slice(to).join("");
    const before = this.cells.slice(0, start).join("");
    this.cells = clusters(after);
    this.at = 0;
    this.join(before);
  }

  private kill(from: number, to: number): void {
    if (from >= to) return;
    this.killed = this.cells.slice(from, to).join("");
    this.cut(from, to);
  }

  private lineStarts(): number[] {
    return [0, ...this.cells.flatMap((cell, index) => (cell === "\n" ? [index + 1] : []))];
  }

  private lineStart(): number {
    return this.lineStarts().findLast((start) => start <= this.at) ?? 0;
  }

  private lineEnd(): number {
    const end = this.cells.indexOf("\n", this.at);
    return end < 0 ? this.cells.length : end;
  }

  private wordStart(): number {
    let at = this.at;
    while (at > 0 && isBlank(this.cells[at - 1])) at -= 1;
    while (at > 0 && !isBlank(this.cells[at - 1])) at -= 1;
    return at;
  }

  private wordEnd(): number {
    let at = this.at;
    while (at < this.cells.length && isBlank(this.cells[at])) at += 1;
    while (at < this.cells.length && !isBlank(this.cells[at])) at += 1;
    return at;
  }
}
