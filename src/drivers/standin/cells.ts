let segmenter: Intl.Segmenter | undefined;

/** Plain ASCII needs no segmenter, which costs memory and time at the start. */
const isAscii = (text: string): boolean => /^[\x20-\x7e\n]*$/.test(text);

/** What a reader sees as one letter. */
export function letters(text: string): string[] {
  if (isAscii(text)) return text.split("");
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), (one) => one.segment);
}

/** Width in terminal cells. */
export const cells = (text: string): number => (isAscii(text) ? text.length : Bun.stringWidth(text));

/** Fills the cell that a wide letter left empty, so that a wrapped line can be joined again without guessing. */
export const FILLER = "╴";

/** One line cut into rows of `width` cells, between letters; a row that ends with an unused cell carries the filler. */
export function wrap(line: string, width: number): string[] {
  if (cells(line) <= width) return [line];
  const rows: string[] = [];
  let row = "";
  let used = 0;
  for (const letter of letters(line)) {
    const size = cells(letter);
    if (used + size > width && row !== "") {
      rows.push(used < width ? row + FILLER : row);
      row = "";
      used = 0;
    }
    row += letter;
    used += size;
  }
  rows.push(row);
  return rows;
}
