/** C0 and C1 controls except tab and newline: they would act on a terminal. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Bidirectional overrides, isolates, zero-width and tag characters: they hide what a text says. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
/** Joiners inside emoji and scripts that need them stay. */
const JOINERS = new Set(["\u200c", "\u200d"]);

/**
 * Foreign text made safe for a terminal and honest for a reader: line ends become LF, controls U+FFFD, characters that
 * reorder or hide text are shown as ⟨U+202E⟩ (security S25, S26). Every sink of untrusted text goes through here.
 */
export const visible = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(CONTROLS, "\ufffd")
    .replace(INVISIBLE, (char) =>
      JOINERS.has(char) ? char : `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    );

/** One line of at most `width` characters. */
export function preview(text: string, width = 120): string {
  const line = visible(text).replace(/\s+/g, " ").trim();
  const letters = [...line];
  return letters.length <= width ? line : `${letters.slice(0, width - 1).join("")}…`;
}

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
