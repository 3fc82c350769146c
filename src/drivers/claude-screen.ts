import type { Glance, Screen } from "../core/ports.ts";

interface Style {
  isDim: boolean;
  isInverse: boolean;
}

interface Letter extends Style {
  char: string;
}

const SGR = /\u001b\[([0-9;:]*)m/y;
/** Any other control sequence; tmux writes none, a foreign terminal might. */
const OTHER = /\u001b(?:\[[0-9;:?]*[A-Za-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/y;

const CODES: Record<number, Partial<Style>> = {
  0: { isDim: false, isInverse: false },
  2: { isDim: true },
  7: { isInverse: true },
  22: { isDim: false },
  27: { isInverse: false },
};

/** Applies one SGR sequence. The numbers of a colour (38;2;R;G;B) are no attributes. */
function restyle(style: Style, codes: string): Style {
  const numbers = codes.split(/[;:]/).map(Number);
  let next = style;
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i] ?? 0;
    if (code === 38 || code === 48 || code === 58) i += numbers[i + 1] === 2 ? 4 : 2;
    else next = { ...next, ...CODES[code] };
  }
  return next;
}

/** Lines of styled letters; a style holds on over the end of its line, as tmux writes it. */
function styled(lines: string[]): Letter[][] {
  let style: Style = { isDim: false, isInverse: false };
  return lines.map((line) => {
    const letters: Letter[] = [];
    let at = 0;
    while (at < line.length) {
      SGR.lastIndex = at;
      const sgr = SGR.exec(line);
      OTHER.lastIndex = at;
      const other = sgr ?? OTHER.exec(line);
      if (sgr) style = restyle(style, sgr[1] ?? "");
      if (other) {
        at += other[0].length;
        continue;
      }
      const char = String.fromCodePoint(line.codePointAt(at) ?? 32);
      letters.push({ char, ...style });
      at += char.length;
    }
    return letters;
  });
}

const RULE = /^─{8}/;
/** Prompt character and a no-break space; options of a dialog are indented, prompts of the past have no rule above. */
const PROMPT = /^❯(?:[\u00a0 ]|$)/;

/** First and last line of the composer: between two rules, the lowest of the screen. */
function composerLines(plain: string[]): [number, number] | null {
  for (let top = plain.length - 2; top >= 0; top--) {
    if (!RULE.test(plain[top] ?? "") || !PROMPT.test(plain[top + 1] ?? "")) continue;
    const bottom = plain.findIndex((line, at) => at > top + 1 && RULE.test(line));
    return bottom < 0 ? null : [top + 1, bottom - 1];
  }
  return null;
}

/** Seen with 2.1.328: a hint is dim, except for its first letter, on which the cursor stands (inverse). */
function isHint(letters: Letter[]): boolean {
  const [first, ...rest] = letters.filter((letter) => letter.char.trim() !== "");
  return first !== undefined && (first.isDim || first.isInverse) && rest.length > 0 && rest.every((one) => one.isDim);
}

/**
 * Joins lines which the composer wrapped: at words, or inside a word longer than a line, four columns short of the screen.
 * Whether a line end was a newline is told by what would have fitted; a person's line of just that length is mistaken.
 */
function unwrap(lines: string[], cols: number): string {
  const width = cols - 4;
  return lines.reduce((text, line, at) => {
    const before = lines[at - 1] ?? "";
    const used = Bun.stringWidth(before);
    const word = line.split(" ")[0] ?? "";
    if (line === "" || line.startsWith(" ") || used + 1 + Bun.stringWidth(word) <= width) return `${text}\n${line}`;
    // Only a word longer than a line is cut; before a letter of two columns one may stay free.
    const isCut = used >= width - 1 && Bun.stringWidth((before.split(" ").at(-1) ?? "") + word) > width;
    return isCut ? text + line : `${text} ${line}`;
  });
}

const KEYS =
  /\b(?:Esc|Enter|Tab|Space)\b to (?:cancel|confirm|exit|close|select|continue|go back|amend|toggle|submit|save|apply)/i;
const CHOICE = /^\s{0,3}❯\s+\d+\.\s/;

/** What may be typed into Claude Code's screen; the content of a screen is never used for more. */
export function read(screen: Screen): Glance {
  const range = composerLines(screen.plain);
  if (!range) return { composer: null, isDialog: screen.plain.some((line) => KEYS.test(line) || CHOICE.test(line)) };
  const box = styled(screen.ansi)
    .slice(range[0], range[1] + 1)
    .map((letters) => letters.slice(2));
  if (isHint(box.flat())) return { composer: "", isDialog: false };
  const lines = box.map((letters) =>
    letters
      .map((letter) => letter.char)
      .join("")
      .replaceAll("\u00a0", " ")
      .trimEnd(),
  );
  return { composer: unwrap(lines, screen.cols).trimEnd(), isDialog: false };
}
