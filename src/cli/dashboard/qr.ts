import { renderUnicodeCompact } from "uqr";

/** Modules left free around it; scanners want some. */
const BORDER = 2;

/** The lines of a QR code, two rows of it in each: full and half blocks are what is light. */
export const qrLines = (text: string): string[] => renderUnicodeCompact(text, { border: BORDER }).split("\n");

/** White on black, whatever the colours of the terminal: a code that is inverted is not read by all phones. */
export const onBlack = (line: string): string => `\x1b[97;40m${line}\x1b[0m`;
