/** What stands where something was taken out. */
const REDACTED = "[redacted]";

/** Everything outbound goes through here (P93). The patterns are those of the settings, which are known to be right. */
export function redacted(text: string, patterns: string[]): string {
  return patterns.reduce(
    (left, source) => left.replace(new RegExp(source, "gi"), (match) => (match === "" ? "" : REDACTED)),
    text,
  );
}

interface Limits {
  maxChars: number;
  maxLines: number;
}

/** A line in pieces of at most so many units, never through the middle of a character. */
function pieces(line: string, most: number): string[] {
  const found: string[] = [];
  let piece = "";
  for (const letter of line) {
    if (piece.length + letter.length > most) {
      found.push(piece);
      piece = "";
    }
    piece += letter;
  }
  return [...found, piece];
}

/** A text in parts that a platform takes, cut between lines where that can be. */
export function parted(text: string, { maxChars, maxLines }: Limits): string[] {
  const parts: string[] = [];
  let lines: string[] = [];
  let size = 0;
  const close = () => {
    if (lines.some((line) => line.trim() !== "")) parts.push(lines.join("\n"));
    lines = [];
    size = 0;
  };
  for (const line of text.split("\n").flatMap((one) => pieces(one, maxChars))) {
    if (lines.length === maxLines || (lines.length > 0 && size + 1 + line.length > maxChars)) close();
    size += (lines.length > 0 ? 1 : 0) + line.length;
    lines.push(line);
  }
  close();
  return parts;
}
