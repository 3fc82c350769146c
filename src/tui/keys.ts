/** One press: a key by name (`up`, `ctrl-a`, `alt-enter`), typed text, or a whole paste. */
export type Press = { key: string } | { text: string } | { paste: string };

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";

const CONTROLS: Record<string, string> = {
  "\r": "enter",
  "\n": "ctrl-j",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x1b": "escape",
};

/** After `ESC [` or `ESC O`; modifiers are taken out before. */
const FINALS: Record<string, string> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "shift-tab",
  P: "f1",
};
const NUMBERED: Record<string, string> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
};
const MODIFIERS: Record<string, string> = { 2: "shift-", 3: "alt-", 5: "ctrl-" };

function controlName(char: string): string | undefined {
  const known = CONTROLS[char];
  if (known) return known;
  const code = char.charCodeAt(0);
  if (code === 0) return "ctrl-space";
  return code < 27 ? `ctrl-${String.fromCharCode(code + 96)}` : undefined;
}

/** The name of a whole escape sequence; undefined = one that means nothing here. */
function sequenceName(sequence: string): string | undefined {
  const [, first = "", modifier = "", final = ""] = /^\x1b(?:\[|O)(\d*)(?:;(\d+))?([A-Za-z~])$/.exec(sequence) ?? [];
  const name = final === "~" ? NUMBERED[first] : FINALS[final];
  return name && `${MODIFIERS[modifier] ?? ""}${name}`;
}

/** Length of the escape sequence at the beginning; 0 = more must come. */
function sequenceLength(text: string): number {
  if (text.length < 2) return 0;
  if (text[1] !== "[" && text[1] !== "O") return 2;
  if (text[1] === "O") return text.length < 3 ? 0 : 3;
  const end = text.slice(2).search(/[@-~]/);
  return end < 0 ? 0 : end + 3;
}

const [RETURN, LINE_FEED] = [13, 10];

/** What was typed while the terminal still made a line feed of Enter, as the keys that they were. */
export const typedAhead = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => (byte === LINE_FEED ? RETURN : byte));

/** Takes a terminal's bytes apart. A sequence may come in pieces; `flush` says that no more will come. */
export class KeyReader {
  private rest = "";
  private readonly decoder = new TextDecoder();

  /** Something came whose end has not: a lone Escape, or half a sequence. */
  get isWaiting(): boolean {
    return this.rest !== "" && !this.rest.startsWith(PASTE_BEGIN);
  }

  read(bytes: Uint8Array): Press[] {
    this.rest += this.decoder.decode(bytes, { stream: true });
    return this.take(false);
  }

  flush(): Press[] {
    return this.isWaiting ? this.take(true) : [];
  }

  private take(isEnd: boolean): Press[] {
    const presses: Press[] = [];
    while (this.rest !== "") {
      const [length, press] = this.next(isEnd);
      if (length === 0) break;
      this.rest = this.rest.slice(length);
      if (press) presses.push(press);
    }
    return presses;
  }

  /** Length of what was understood, and what it means; length 0 = wait for more. */
  private next(isEnd: boolean): [length: number, press?: Press] {
    const { rest } = this;
    if (rest.startsWith(PASTE_BEGIN)) return this.paste();
    if (rest.startsWith("\x1b")) return this.escape(isEnd);
    const control = controlName(rest[0] ?? "");
    if (control) return [1, { key: control }];
    const text = /^[^\x00-\x1f\x7f]+/.exec(rest)?.[0] ?? "";
    // Other controls mean nothing here.
    return text === "" ? [1] : [text.length, { text }];
  }

  private paste(): [length: number, press?: Press] {
    const end = this.rest.indexOf(PASTE_END);
    if (end < 0) return [0];
    const text = this.rest.slice(PASTE_BEGIN.length, end).replace(/\r\n?/g, "\n");
    return [end + PASTE_END.length, { paste: text }];
  }

  private escape(isEnd: boolean): [length: number, press?: Press] {
    const { rest } = this;
    const length = sequenceLength(rest);
    if (length === 0) return isEnd ? [rest.length, rest === "\x1b" ? { key: "escape" } : undefined] : [0];
    if (length > 2) {
      const key = sequenceName(rest.slice(0, length));
      return [length, key === undefined ? undefined : { key }];
    }
    const char = rest[1] ?? "";
    // Two Escapes are an Escape and the beginning of something else.
    if (char === "\x1b") return [1, { key: "escape" }];
    return [2, { key: `alt-${controlName(char) ?? char}` }];
  }
}
