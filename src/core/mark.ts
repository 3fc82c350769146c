import type { Mid } from "./ids.ts";

/** The nonce around every typed message: a receipt is recognised by it (docs/reliability.md). */
const OPEN = "⟦m:";
const CLOSE = "⟦/m:";
const END = "⟧";
const ANY_MARK = /⟦\/?m:[^⟧\n]{0,80}⟧?/g;
const OPENING = /⟦m:([A-Za-z0-9-]{1,64})⟧/g;

/** `head ⟦m:ID⟧ text ⟦/m:ID⟧`: begins with a plain word, ends with the mark. */
export const withMark = (head: string, mid: Mid, text: string): string =>
  `${head} ${OPEN}${mid}${END} ${text} ${CLOSE}${mid}${END}`;

/** Ids of all messages that begin in this text, in order. */
export const marksIn = (text: string): Mid[] => [...text.matchAll(OPENING)].map((match) => match[1] ?? "");

/** A body may not carry marks of its own: nobody forges a receipt by quoting one. */
export const withoutMarks = (text: string): string => text.replace(ANY_MARK, "");
