import { preview } from "../text.ts";
import { withoutFence } from "./form.ts";

/** Letters of a text that are kept to compare others with. */
const GIST = 300;

const plain = (text: string): string => withoutFence(text).toLowerCase().replace(/\s+/g, " ").trim();

/** FNV-1a with a starting value; two of them make a digest that nobody has to defend against an attacker. */
function fnv(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");

/** Digest of what a letter says: white space, capitals and its insight fence do not count. Not safe against forgery. */
export function printOf(text: string): string {
  const said = plain(text);
  return hex(fnv(said, 0x811c9dc5)) + hex(fnv(said, 0x1234567));
}

/** Its first words, as they are compared. */
export const gistOf = (text: string): string => preview(plain(text), GIST);

/** Words of a text, each once. */
const wordsOf = (text: string): Set<string> => new Set(text.match(/[\p{L}\p{N}_]+/gu) ?? []);

/** How much two gists say the same, 0 to 1: twice the words that both have, by the words of both (Dice). */
export function likeness(left: string, right: string): number {
  const [a, b] = [wordsOf(left), wordsOf(right)];
  if (a.size + b.size === 0) return 1;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
