/**
 * How far a letter's file is written, judged by its form alone (docs/team.md): one outer tag pair, then one closed insight fence.
 * `complete`: may be taken at once; `open`: its tag or fence is not closed, so more must come; `loose`: nobody can tell.
 */
export type LetterForm = "empty" | "open" | "loose" | "complete";

const OPENING = /^<TO_(PEER|USER)>/gm;
const CLOSING = /<\/TO_(PEER|USER)>[ \t\r]*$/gm;
const LAST_FENCE = /\n(`{3,})insight[^\n]*\n(?:[\s\S]*?\n)?\1[ \t\r]*$/;

export function letterForm(text: string): LetterForm {
  const body = text.replace(/^\ufeff/, "").trim();
  if (body === "") return "empty";
  const opened = [...body.matchAll(OPENING)].length;
  const closed = [...body.matchAll(CLOSING)].length;
  if (!/^<TO_(PEER|USER)>/.test(body)) return /^<(?:TO?|TO_[A-Z]{0,4})?$/.test(body) ? "open" : "loose";
  if (closed < opened) return "open";
  const tail = body.slice(body.search(/<\/TO_(PEER|USER)>(?![\s\S]*<\/TO_(PEER|USER)>)/));
  if (LAST_FENCE.test(tail)) return closed === opened ? "complete" : "loose";
  return /\n`{3,}insight|\n`+[a-z]*$/.test(tail) ? "open" : "loose";
}

/** A letter's text without its insight block, which is for machines. */
export const withoutFence = (text: string): string => text.replace(/```insight[\s\S]*/, "").trim();
