import { computed, signal } from "@preact/signals";
import type { Notice } from "../../core/state.ts";
import { state } from "../store.ts";

const KEY = "muster.read";

/** The newest notice that was read in this browser. */
const readUpTo = signal(Number(localStorage.getItem(KEY) ?? 0) || 0);

/** Newest first. */
export const notices = computed<Notice[]>(() => (state.value?.notices ?? []).toReversed());

export const isUnread = ({ seq }: Notice): boolean => seq > readUpTo.value;

export const unread = computed<Notice[]>(() => notices.value.filter(isUnread));

/** Everything up to this one was read. */
export function read(seq: number): void {
  readUpTo.value = Math.max(readUpTo.value, seq);
  localStorage.setItem(KEY, String(readUpTo.value));
}
