/** Does what is asked for need a plan first (P74)? `none` = nothing is to be changed. */
export type Weight = "plan" | "quick" | "doubt" | "none";

/** A plan comes first from so many files or changed lines on. */
export const PLANNED_FILES = 3;
export const PLANNED_LINES = 50;

const LARGE =
  /\b(?:new (?:modules?|packages?|dependenc(?:y|ies)|apis?|endpoints?|features?|services?|commands?|pages?)|api|endpoints?|features?|user-visible|data flow|schema|migrat\w+|rewrite|redesign|architecture|(?:new )?test suite|refactor\w*|across (?:all|the)|every file|whole)\b/i;
const SMALL =
  /\b(?:typos?|wording|spelling|comments?|rename|one[- ]lin\w+|small|tiny|quick\w*|trivial|bump|indent\w*|whitespace|log line|message text)\b/i;
const CHANGE =
  /\b(?:add|adds|build|implement|change|make|fix|remove|delete|replace|migrate|improve|extend|create|write|update|support|rename|move|split|refactor|rewrite|introduce|port|convert|correct)\b/i;
const FILE = /(?:^|[\s`"'(])((?:[\w.-]+\/)*[\w-]+\.[a-z]{1,5})(?=[\s`"'),.:;]|$)/gi;

/** Weighs a task by its words. Careful: only clear signs decide, everything between is doubt. */
export function weigh(text: string): Weight {
  if (!CHANGE.test(text)) return "none";
  const files = new Set([...text.matchAll(FILE)].map(([, file]) => file));
  const isLarge = LARGE.test(text) || files.size >= PLANNED_FILES;
  const isSmall = SMALL.test(text) || (files.size === 1 && text.length < 120);
  if (isLarge !== isSmall) return isLarge ? "plan" : "quick";
  return "doubt";
}
