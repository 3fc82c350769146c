import type { Mid } from "../core/ids.ts";
import { marksIn } from "../core/mark.ts";
import type { TranscriptPrompt } from "../core/ports.ts";
import { LineReader } from "./line-reader.ts";

interface Found {
  reader: LineReader;
  mids: Set<Mid>;
}

/** Which messages stand in a CLI's transcript. Read forward by offset: a line is parsed once, never searched as raw text. */
export class Transcripts {
  private readonly readers = new Map<string, Found>();

  /** Does the model have this message, as its CLI wrote it down? */
  async has(path: string, mid: Mid, parse: (line: string) => TranscriptPrompt | null): Promise<boolean> {
    const { reader, mids } = this.readers.get(path) ?? { reader: new LineReader(path), mids: new Set<Mid>() };
    this.readers.set(path, { reader, mids });
    if (mids.has(mid)) return true;
    const take = (line: string) => {
      for (const found of marksIn(parse(line)?.text ?? "")) mids.add(found);
    };
    await reader.readOn(take, () => {});
    return mids.has(mid);
  }

  forget(path: string): void {
    this.readers.delete(path);
  }
}
