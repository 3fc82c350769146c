import { computed } from "@preact/signals";
import type { Notice } from "../../core/notices.ts";
import { isNoticeRead } from "../../core/notices.ts";
import { act, state } from "../store.ts";

/** What Muster told and nobody has read yet, newest first. */
export const unread = computed<Notice[]>(() => {
  const of = state.value;
  return of ? of.notices.filter(({ seq }) => !isNoticeRead(of.noticesRead, seq)).toReversed() : [];
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
