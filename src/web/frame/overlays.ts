import { signal } from "@preact/signals";

/** What lies over the page; one at a time. */
export type Overlay = "palette" | "keys" | "new";

export const overlay = signal<Overlay | null>(null);

export function open(which: Overlay): void {
  overlay.value = which;
}

/** Only what is named, if something is: the browser says late that a dialog was closed, when another may be open. */
export function close(which?: Overlay): void {
  if (which === undefined || overlay.value === which) overlay.value = null;
}
