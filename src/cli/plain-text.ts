/** Terminal bytes without escape sequences, line by line: a sequence may be cut between two pieces, a line's end is none. */
export class PlainText {
  private kept = "";
  private readonly decoder = new TextDecoder();
  private readonly encoder = new TextEncoder();

  /** The whole lines that are there now. */
  take(bytes: Uint8Array): Uint8Array {
    const text = this.kept + this.decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    this.kept = text.slice(end);
    return this.encoder.encode(stripped(text.slice(0, end)));
  }

  /** What stands behind the last line end. */
  rest(): Uint8Array {
    const text = this.kept + this.decoder.decode();
    this.kept = "";
    return this.encoder.encode(stripped(text));
  }
}

/** Bun's own leaves single controls in. */
const stripped = (text: string): string =>
  Bun.stripANSI(text)
    .replace(/\r\n/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
