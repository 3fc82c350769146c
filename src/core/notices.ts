import type { CommandOf } from "./commands.ts";
import type { Fact } from "./facts.ts";
import type { Millis, Seq } from "./ids.ts";
import type { State } from "./state.ts";

/** Something that people were told, by the fact of this number. */
export interface Notice {
  seq: Seq;
  at: Millis;
  level: "info" | "warning" | "error";
  text: string;
  about?: string;
}

/** What people have read of what they were told: all up to one, and single ones after it. */
export interface ReadNotices {
  upTo: Seq;
  ids: Seq[];
}

export const isNoticeRead = ({ upTo, ids }: ReadNotices, seq: Seq): boolean => seq <= upTo || ids.includes(seq);

/** Single ones that are kept; of more, the oldest count as unread again. */
const KEPT = 1000;

/** What was read before, and now. */
export const readWith = ({ upTo, ids }: ReadNotices, more: ReadNotices): ReadNotices => {
  const last = Math.max(upTo, more.upTo);
  return { upTo: last, ids: [...new Set([...ids, ...more.ids])].filter((seq) => seq > last).slice(-KEPT) };
};

/** Nothing is written down of what was read before. */
export function read(state: State, { ids, upTo }: CommandOf<"read">): Fact[] {
  const last = Math.min(upTo, state.seq);
  const fresh = [...new Set(ids)].filter(
    (seq) => seq > last && seq <= state.seq && !isNoticeRead(state.noticesRead, seq),
  );
  if (last <= state.noticesRead.upTo && fresh.length === 0) return [];
  return [{ type: "notice.read", upTo: last, ids: fresh.slice(0, KEPT) }];
}
