import { computed, signal } from "@preact/signals";
import { type Need, needs } from "../core/needs.ts";
import { listedAt } from "./ages.ts";
import { go, leadTo } from "./choice.ts";
import { now, state } from "./store.ts";

const KEY = "muster.aside";
/** Kept at most; what is older is long gone from the page. */
const KEPT = 300;

function keptAside(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

const aside = signal<string[]>(keptAside());

/** Takes something off the first page of this browser; it stays in the timeline. */
export function putAside(keys: string[]): void {
  aside.value = [...aside.value, ...keys].slice(-KEPT);
  localStorage.setItem(KEY, JSON.stringify(aside.value));
}

const moment = computed(() => listedAt(now.value));

const all = computed<Need[]>(() => (state.value ? needs(state.value, moment.value) : []));

/** Whatever cannot go on without a person; what waits longest first. */
export const calling = computed<Need[]>(() => all.value.filter(({ kind }) => kind === "asks"));

/** What went wrong, newest first, unless it was put aside. */
export const wrong = computed<Need[]>(() =>
  all.value
    .filter(({ kind, key, isPassing }) => kind === "wrong" && !isPassing && !aside.value.includes(key))
    .toReversed(),
);

/** What stopped and goes on by itself, oldest first. */
export const passing = computed<Need[]>(() => all.value.filter(({ isPassing }) => isPassing));

/** Shows where something can be settled. */
export function leadToNeed({ at }: Need): void {
  if (at.rfd !== undefined) leadTo(at.id, at.rfd);
  else go(at.place, at.id);
}
