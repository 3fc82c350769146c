import { computed } from "@preact/signals";
import { isNoticeRead } from "../../core/notices.ts";
import { act, state } from "../store.ts";

/** How much of what Muster told nobody has read yet. */
export const unread = computed<number>(() => {
  const of = state.value;
  return of ? of.notices.filter(({ seq }) => !isNoticeRead(of.noticesRead, seq)).length : 0;
});

/** Changes with whatever people are told and whatever they have read. */
export const noticesVersion = computed<string>(() => {
  const of = state.value;
  if (!of) return "";
  const ended = Object.values(of.jobs).filter(({ outcome }) => outcome !== undefined).length;
  const asked = Object.keys(of.triggers.approvals).length;
  const { upTo, ids } = of.noticesRead;
  return [of.notices.at(-1)?.seq, ended, asked, upTo, ids.length].join(" ");
});

/** Everything up to this one was read, on every device. */
export const read = (upTo: number): Promise<boolean> => act("/api/notifications/read", { upTo });
