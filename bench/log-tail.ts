import { closeSync, openSync, readSync } from "node:fs";
import { until } from "./world.ts";

/** Reads on in a growing file, every millisecond: the same eye for Muster and its baseline. */
export class LogTail {
  private fd = -1;
  private at = 0;
  private text = "";

  constructor(private readonly path: string) {}

  /** Resolves when the file shows this text, which nothing before has shown. */
  async shows(text: string): Promise<void> {
    await until(`${text} is in ${this.path}`, () => this.read().includes(text), 1);
    this.text = "";
  }

  /** What stands there now is not meant. */
  skip(): void {
    this.read();
    this.text = "";
  }

  close(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
  }

  private read(): string {
    if (this.fd < 0) {
      try {
        this.fd = openSync(this.path, "r");
      } catch {
        return "";
      }
    }
    const chunk = Buffer.alloc(64 * 1024);
    for (let count = -1; count !== 0; this.at += count) {
      count = readSync(this.fd, chunk, 0, chunk.length, this.at);
      this.text += chunk.toString("latin1", 0, count);
    }
    return this.text;
  }
}
