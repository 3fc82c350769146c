import { signal } from "@preact/signals";

/** What lies over the page; one at a time. */
export type Overlay = "palette" | "keys" | "new";

export const overlay = signal<Overlay | null>(null);

export function open(which: Overlay): void {
  overlay.value = which;
}

export function close(): void {
  overlay.value = null;
}
