import { go } from "./choice.ts";
import { close, open, overlay } from "./frame/overlays.ts";
import { PLACES, type PlaceId } from "./places.ts";

/** A key and what it does; `?` shows this table, and nothing else listens. */
export interface Key {
  /** As it is typed, one after the other: `g h`. */
  keys: string;
  says: string;
  place?: PlaceId;
  run(): void;
}

/** The search field of the view that is shown. */
function search(): void {
  document.querySelector<HTMLInputElement>("main input[type=search]")?.focus();
}

/** Goes from card to card, or from row to row. */
function step(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>("main [data-step]")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const EVERYWHERE: Key[] = [
  { keys: "n", says: "start an agent", run: () => open("new") },
  { keys: "/", says: "search in this view", run: search },
  { keys: "?", says: "these keys", run: () => open("keys") },
  { keys: "j", says: "the next card or row", run: () => step(1) },
  { keys: "k", says: "the one before", run: () => step(-1) },
];

const TRAVEL: Key[] = PLACES.map(({ id, key, title }) => ({ keys: `g ${key}`, says: title, run: () => go(id) }));

export const KEYS: readonly Key[] = [...EVERYWHERE, ...TRAVEL];

/** Told in the overlay, but the browser's or the palette's own. */
export const OTHER_KEYS: readonly { keys: string; says: string }[] = [
  { keys: "Ctrl K", says: "commands, agents, tasks and views, by a few letters (⌘ K on a Mac)" },
  { keys: "Esc", says: "close what lies over the page" },
];

/** Whoever types somewhere types there. */
const isTyping = (element: Element | null): boolean =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

/** The second key of two comes within this. */
const PAIR_MS = 1500;

const isPaletteKey = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey;

/** A terminal has the keys for itself: what is typed there goes to its program. Only ⌘ is never a program's. */
const isProgramsOwn = (event: KeyboardEvent): boolean =>
  !event.metaKey && Boolean(document.activeElement?.closest(".xterm"));

function togglePalette(event: KeyboardEvent): void {
  event.preventDefault();
  if (overlay.value === "palette") close();
  else open("palette");
}

/** Finds what a key does, alone or after the one before. */
function reader(): (event: KeyboardEvent) => Key | undefined {
  let [first, until] = ["", 0];
  return ({ key, timeStamp }) => {
    const pair = timeStamp < until ? KEYS.find(({ keys }) => keys === `${first} ${key}`) : undefined;
    const found = pair ?? KEYS.find(({ keys }) => keys === key);
    const begins = !found && KEYS.some(({ keys }) => keys.startsWith(`${key} `));
    [first, until] = begins ? [key, timeStamp + PAIR_MS] : ["", 0];
    return found;
  };
}

/** Begins to listen. */
export function listen(): void {
  const read = reader();
  addEventListener("keydown", (event: KeyboardEvent) => {
    if (isPaletteKey(event) && !isProgramsOwn(event)) return togglePalette(event);
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    if (isModified || overlay.value || isTyping(document.activeElement)) return;
    const key = read(event);
    if (!key) return;
    event.preventDefault();
    key.run();
  });
}
