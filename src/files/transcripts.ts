import { open, stat } from "node:fs/promises";
import type { Mid } from "../core/ids.ts";
import { marksIn } from "../core/mark.ts";
import type { TranscriptPrompt } from "../core/ports.ts";

interface Reader {
  offset: number;
  /** A line without its end yet. */
  rest: Uint8Array;
  found: Set<Mid>;
}

const CHUNK = 256 * 1024;
const LF = 10;

/** Which messages stand in a CLI's transcript. Read forward by offset: a line is parsed once, never searched as raw text. */
export class Transcripts {
  private readonly readers = new Map<string, Reader>();

  /** Does the model have this message, as its CLI wrote it down? */
  async has(path: string, mid: Mid, parse: (line: string) => TranscriptPrompt | null): Promise<boolean> {
    const reader = this.readers.get(path) ?? { offset: 0, rest: new Uint8Array(), found: new Set<Mid>() };
    this.readers.set(path, reader);
    if (reader.found.has(mid)) return true;
    await this.readOn(path, reader, parse);
    return reader.found.has(mid);
  }

  forget(path: string): void {
    this.readers.delete(path);
  }

  private async readOn(path: string, reader: Reader, parse: (line: string) => TranscriptPrompt | null): Promise<void> {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size < reader.offset) Object.assign(reader, { offset: 0, rest: new Uint8Array() });
    if (size <= reader.offset) return;
    const file = await open(path, "r");
    try {
      while (reader.offset < size) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, reader.offset);
        if (bytesRead === 0) return;
        reader.offset += bytesRead;
        take(reader, buffer.subarray(0, bytesRead), parse);
      }
    } finally {
      await file.close();
    }
  }
}

function take(reader: Reader, bytes: Uint8Array, parse: (line: string) => TranscriptPrompt | null): void {
  const all = reader.rest.length === 0 ? bytes : Buffer.concat([reader.rest, bytes]);
  let start = 0;
  for (let end = all.indexOf(LF); end >= 0; end = all.indexOf(LF, start)) {
    const prompt = parse(new TextDecoder().decode(all.subarray(start, end)));
    for (const mid of prompt ? marksIn(prompt.text) : []) reader.found.add(mid);
    start = end + 1;
  }
  reader.rest = all.slice(start);
}
