import { Refusal } from "../refusal.ts";

/** Longest tag, in characters. */
const TAG_LIMIT = 40;
/** Most tags of one task or lead. */
const TAGS_LIMIT = 20;

const isTag = (text: string): boolean => text.length <= TAG_LIMIT && /^[a-z0-9](?:[-_./]?[a-z0-9])*$/.test(text);

/** Throws unless these may be the tags of a task (what it is about) or of a lead (what it is for). */
export function requireTags(tags: string[]): void {
  const bad = tags.find((tag) => !isTag(tag));
  if (bad !== undefined) {
    const hint = `small letters and digits, joined by - _ . or /, at most ${TAG_LIMIT} characters, such as backend`;
    throw new Refusal("usage", `"${bad.slice(0, 80)}" is no tag`, hint);
  }
  if (tags.length > TAGS_LIMIT) throw new Refusal("usage", `${tags.length} tags; at most ${TAGS_LIMIT}`, "name fewer");
}
