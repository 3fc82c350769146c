import { fit, paint } from "./style.ts";

const OPEN = "\x1b[?1049h\x1b[?25l";
const CLOSE = "\x1b[?25h\x1b[?1049l";
/** Drawn at most so often. */
const FRAME_MS = 100;

export interface Size {
  columns: number;
  rows: number;
}

/** One frame: as many of the last lines as fit above a foot line. Programs' own escape sequences never get here. */
export function frameOf(text: string, foot: string, { columns, rows }: Size): string {
  const room = Math.max(1, rows - 1);
  const whole = text.trimEnd().split("\n");
  // A large screen is mostly empty between its text and its composer.
  const dense = whole.filter((line, at) => line !== "" || whole[at - 1] !== "");
  const lines = whole.length <= room ? whole : dense.slice(-room);
  const body = lines.map((line) => `${fit(line, columns)}\x1b[K\r\n`).join("");
  const gap = "\x1b[K\r\n".repeat(Math.max(0, room - lines.length));
  return `\x1b[H${body}${gap}${paint("dim", fit(foot, columns))}\x1b[K`;
}

/** A terminal's screen drawn on the alternate screen of this one, which is left as it was found. */
export class View {
  private timer: Timer | undefined;
  private isOpen = false;
  private isClosed = false;

  constructor(
    private readonly write: (text: string) => void,
    private readonly size: () => Size,
    private readonly look: () => Promise<string>,
    private readonly foot: string,
  ) {}

  /** Something may have changed. */
  soon = (): void => {
    this.timer ??= setTimeout(() => void this.draw().catch(() => {}), FRAME_MS);
  };

  close(): void {
    clearTimeout(this.timer);
    if (this.isOpen) this.write(CLOSE);
    this.isClosed = true;
  }

  private async draw(): Promise<void> {
    const text = await this.look();
    this.timer = undefined;
    if (this.isClosed) return;
    if (!this.isOpen) this.write(OPEN);
    this.isOpen = true;
    this.write(frameOf(text, this.foot, this.size()));
  }
}
