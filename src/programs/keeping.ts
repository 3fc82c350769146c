import { closeSync, openSync, writeSync } from "node:fs";

/** What a file keeps of an output; more is counted and dropped. */
const FILE_LIMIT = 16 * 1024 * 1024;
/** What memory keeps of it: so much of its beginning, and as much of its end. */
const PART = 64 * 1024;

/** Takes an output as it comes: all of it into a file up to a limit, both its ends into memory. */
export class Keeping {
  private readonly fd: number;
  private written = 0;
  private size = 0;
  private head: Uint8Array = new Uint8Array();
  private tail: Uint8Array = new Uint8Array();

  constructor(
    path: string,
    private readonly limit = FILE_LIMIT,
  ) {
    this.fd = openSync(path, "a", 0o600);
  }

  readonly add = (bytes: Uint8Array): void => {
    const fits = bytes.subarray(0, Math.max(0, this.limit - this.written));
    if (fits.length > 0) writeSync(this.fd, fits);
    this.written += fits.length;
    this.size += bytes.length;
    const room = bytes.subarray(0, Math.max(0, PART - this.head.length));
    if (room.length > 0) this.head = Buffer.concat([this.head, room]);
    this.tail = Buffer.concat([this.tail, bytes.subarray(room.length)]).subarray(-PART);
  };

  /** Closes the file; says in it what was dropped. */
  close(): string {
    if (this.size > this.written) writeSync(this.fd, `\n[... ${this.size - this.written} bytes dropped ...]\n`);
    closeSync(this.fd);
    const left = this.size - this.head.length - this.tail.length;
    const gap = left > 0 ? [Buffer.from(`\n[... ${left} bytes ...]\n`)] : [];
    return new TextDecoder().decode(Buffer.concat([this.head, ...gap, this.tail]));
  }
}
