/** C0 and C1 controls except tab and newline: they would act on a terminal. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * What a reader does not see, or sees in another place: bidirectional controls, zero-width and tag characters, fillers,
 * separators of lines that no terminal breaks. By Unicode's own lists, so that none is forgotten.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2028\u2029\ufff9-\ufffb]/gu;
/** Joiners and variation selectors inside emoji and scripts that need them stay. */
const NEEDED = /\u034f|[\u17b4-\u17b5]|[\u180b-\u180d]|\u180f|[\u200c-\u200d]|[\ufe00-\ufe0f]/u;

/**
 * Foreign text made safe for a terminal and honest for a reader: line ends become LF, controls and halves of characters
 * U+FFFD, characters that reorder or hide text are shown as ⟨U+202E⟩ (security S25, S26). Every sink of untrusted text goes
 * through here.
 */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(CONTROLS, "\ufffd")
    .replace(INVISIBLE, (char) =>
      NEEDED.test(char) ? char : `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    );

const lettersOfLine = (text: string): string[] => [...visible(text).replace(/\s+/g, " ").trim()];

/** One line of at most `width` characters. */
export function preview(text: string, width = 120): string {
  const letters = lettersOfLine(text);
  return letters.length <= width ? letters.join("") : `${letters.slice(0, width - 1).join("")}…`;
}

/** The same, with the end of a longer text as well: what is concluded stands there. */
export function previewEnds(text: string, width: number): string {
  const letters = lettersOfLine(text);
  if (letters.length <= width) return letters.join("");
  const tail = Math.floor(width / 3);
  return `${letters.slice(0, width - tail - 3).join("")} … ${letters.slice(-tail).join("")}`;
}

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
