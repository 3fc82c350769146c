import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";

const CHUNK = 256 * 1024;
const LF = 10;
/** Longest line; what is longer holds nothing that anybody reads here. */
const LONGEST = 64 * 1024 * 1024;

/** Reads a file that grows line by line, each whole line once. */
export class LineReader {
  private offset = 0;
  /** A line without its end yet. */
  private rest: Uint8Array = new Uint8Array();

  constructor(readonly path: string) {}

  /**
   * Hands on the lines that came since. `began`: the file is another one or was cut, and is read from its beginning. Resolves
   * with the bytes read; null = there is no such file.
   */
  async readOn(take: (line: string) => void, began: () => void): Promise<number | null> {
    const found = await stat(this.path).catch(() => null);
    if (!found?.isFile()) return null;
    if (found.size < this.offset) {
      this.offset = 0;
      this.rest = new Uint8Array();
      began();
    }
    const from = this.offset;
    if (found.size > from) await this.readTo(found.size, take);
    return this.offset - from;
  }

  private async readTo(size: number, take: (line: string) => void): Promise<void> {
    // Not blocking: what was a file a moment ago may be a fifo.
    const file = await open(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      while (this.offset < size) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, this.offset);
        if (bytesRead === 0) return;
        this.offset += bytesRead;
        this.split(buffer.subarray(0, bytesRead), take);
      }
    } finally {
      await file.close();
    }
  }

  private split(bytes: Uint8Array, take: (line: string) => void): void {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let start = 0;
    for (let end = all.indexOf(LF); end >= 0; end = all.indexOf(LF, start)) {
      take(new TextDecoder().decode(all.subarray(start, end)));
      start = end + 1;
    }
    this.rest = all.length - start > LONGEST ? new Uint8Array() : all.slice(start);
  }
}
