import { instant } from "./clock.ts";

/** What comes in the first second finds programs that were never run before. */
const WARM_UP_MS = 1000;

/** Collects how old the printed moments are when they come in. */
export class Stamps {
  private readonly rests = new Map<string, string>();
  private readonly ages: number[] = [];
  private first = 0;

  take(source: string, bytes: Uint8Array): void {
    const now = instant();
    const text = (this.rests.get(source) ?? "") + Buffer.from(bytes).toString("latin1");
    const lines = text.split("\n");
    this.rests.set(source, lines.pop() ?? "");
    for (const line of lines) this.note(now, Number(/@(\d+\.\d+)@/.exec(line)?.[1] ?? Number.NaN));
  }

  /** Tells all ages when the one who started this program says so. */
  async tellAtEnd(): Promise<never> {
    console.log("ready");
    for await (const _ of Bun.stdin.stream());
    console.log(JSON.stringify(this.ages));
    process.exit(0);
  }

  private note(now: number, stamp: number): void {
    if (Number.isNaN(stamp)) return;
    this.first ||= stamp;
    if (stamp - this.first >= WARM_UP_MS) this.ages.push(now - stamp);
  }
}
