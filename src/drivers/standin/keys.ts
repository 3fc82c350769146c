/** What a person or a terminal did: a key by name, typed letters, or one bracketed paste. */
export type Input = { key: KeyName } | { text: string } | { paste: string };

export type KeyName =
  | "enter"
  | "newline"
  | "escape"
  | "backspace"
  | "clear"
  | "stop"
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end";

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
const SEQUENCE = /^\x1b(?:\[[0-9;<=>?]*[ -/]*[@-~]|O[ -~]|[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)|[\r\n])/;
/** Could still become a sequence with the next bytes. */
const UNFINISHED = /^\x1b(?:|\[[0-9;<=>?]*[ -/]*|O|[\]P_^][^\x07\x1b]*\x1b?)$/;

const KEYS: Record<string, KeyName> = {
  "\r": "enter",
  "\n": "newline",
  "\x1b\r": "newline",
  "\x1b\n": "newline",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x15": "clear",
  "\x03": "stop",
  "\x01": "home",
  "\x05": "end",
  "\x1b[A": "up",
  "\x1b[B": "down",
  "\x1b[C": "right",
  "\x1b[D": "left",
  "\x1b[H": "home",
  "\x1b[F": "end",
  "\x1bOA": "up",
  "\x1bOB": "down",
  "\x1bOC": "right",
  "\x1bOD": "left",
};

/** Longest run of letters in one read that still counts as typed (Claude Code 2.1.328 treats more as a paste). */
const TYPED = 800;

/** Turns terminal bytes into inputs; letters, sequences and pastes may be split over reads anywhere. */
export class Keys {
  #decoder = new TextDecoder();
  #rest = "";
  #paste: string[] | null = null;

  feed(bytes: Uint8Array): Input[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const inputs: Input[] = [];
    while (this.#rest !== "") {
      const input = this.#paste === null ? this.#next() : this.#pasted(this.#paste);
      if (input === "more") break;
      if (input !== null) inputs.push(input);
    }
    return inputs;
  }

  /** An Escape may have begun a sequence: call `flush` when nothing followed it. */
  get isUndecided(): boolean {
    return this.#paste === null && this.#rest !== "";
  }

  flush(): Input[] {
    if (!this.isUndecided) return [];
    const isEscape = this.#rest === "\x1b";
    this.#rest = "";
    return isEscape ? [{ key: "escape" }] : [];
  }

  #next(): Input | null | "more" {
    const rest = this.#rest;
    if (rest[0] === "\x1b") return this.#sequence(rest);
    const letters = /^[^\x00-\x1f\x7f]+/.exec(rest)?.[0] ?? "";
    if (letters !== "") {
      this.#rest = rest.slice(letters.length);
      return letters.length > TYPED ? { paste: letters } : { text: letters };
    }
    this.#rest = rest.slice(1);
    const key = KEYS[rest[0] ?? ""];
    return key ? { key } : null;
  }

  #sequence(rest: string): Input | null | "more" {
    if (rest.startsWith(PASTE_START)) {
      this.#rest = rest.slice(PASTE_START.length);
      this.#paste = [];
      return this.#rest === "" ? "more" : null;
    }
    const sequence = SEQUENCE.exec(rest)?.[0];
    if (sequence) {
      this.#rest = rest.slice(sequence.length);
      const key = KEYS[sequence];
      return key ? { key } : null;
    }
    if (UNFINISHED.test(rest)) return "more";
    this.#rest = rest.slice(1);
    return { key: "escape" };
  }

  #pasted(parts: string[]): Input | "more" {
    const end = this.#rest.indexOf(PASTE_END);
    if (end < 0) {
      const keep = PASTE_END.length - 1;
      parts.push(this.#rest.slice(0, -keep));
      this.#rest = this.#rest.slice(-keep);
      return "more";
    }
    parts.push(this.#rest.slice(0, end));
    this.#rest = this.#rest.slice(end + PASTE_END.length);
    this.#paste = null;
    return { paste: parts.join("") };
  }
}
