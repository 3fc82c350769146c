import { type Line, rowsOf } from "./cells.ts";

/** A text over the timeline, to be read and closed: help, a whole letter, the plan. */
export class Page {
  private top = 0;
  private height = 1;
  private total = 0;

  constructor(
    readonly title: string,
    private lines: readonly string[],
  ) {}

  /** Replaces its text, e.g. when it has come. */
  fill(lines: readonly string[]): void {
    this.lines = lines;
  }

  scroll(by: number): void {
    this.top = Math.max(0, Math.min(this.top + by, this.total - this.height));
  }

  get step(): number {
    return Math.max(1, this.height - 1);
  }

  rows(width: number, height: number): Line[] {
    const rows = this.lines.flatMap((line) => {
      const indent = Math.min(/^ *(?:\S+(?: \S+)* {2,})?/.exec(line)?.[0].length ?? 0, Math.floor(width / 2));
      const [first = "", ...others] = rowsOf(line, width, Math.max(1, width - indent));
      return [first, ...others.map((row) => " ".repeat(indent) + row)];
    });
    this.total = rows.length;
    this.height = height;
    this.scroll(0);
    return rows.slice(this.top, this.top + height).map((text): Line => {
      const isHead = text !== "" && !text.startsWith(" ") && rows.length > height / 2 && !/[.:]$/.test(text);
      return [{ text, style: isHead && this.lines.length > 20 ? "bold" : "plain" }];
    });
  }
}
