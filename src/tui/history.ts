/** Lines that can be called back. */
const KEPT = 500;

/** What was typed before, newest last. A draft that was left for an older line comes back at the end. */
export class History {
  private readonly lines: string[] = [];
  /** Position of the line that is shown; `lines.length` = the draft. */
  private at = 0;
  private draft = "";

  add(line: string): void {
    if (this.lines.at(-1) !== line) this.lines.push(line);
    if (this.lines.length > KEPT) this.lines.shift();
    this.at = this.lines.length;
    this.draft = "";
  }

  /** The line before or after; undefined = there is none. */
  step(by: 1 | -1, shown: string): string | undefined {
    if (this.at === this.lines.length) this.draft = shown;
    const next = this.at + by;
    if (next < 0 || next > this.lines.length) return undefined;
    this.at = next;
    return this.lines[next] ?? this.draft;
  }

  /** The newest line older than `older` that holds the words; undefined = none. */
  find(words: string, older = this.lines.length): { line: string; at: number } | undefined {
    const wanted = words.toLowerCase();
    for (let at = Math.min(older, this.lines.length) - 1; at >= 0; at -= 1) {
      const line = this.lines[at] ?? "";
      if (line.toLowerCase().includes(wanted)) return { line, at };
    }
    return undefined;
  }
}
