import { computed, effect, signal } from "@preact/signals";

type Theme = "dark" | "light";

const KEY = "muster.theme";

const isTheme = (text: string | null): text is Theme => text === "dark" || text === "light";

function chosenBefore(): Theme | null {
  const kept = localStorage.getItem(KEY);
  return isTheme(kept) ? kept : null;
}

const system = matchMedia("(prefers-color-scheme: light)");
const systemTheme = signal<Theme>(system.matches ? "light" : "dark");
const chosen = signal<Theme | null>(chosenBefore());

/** The system's, unless a person chose otherwise in this browser. */
export const theme = computed<Theme>(() => chosen.value ?? systemTheme.value);

export function applyTheme(): void {
  system.addEventListener("change", ({ matches }) => {
    systemTheme.value = matches ? "light" : "dark";
  });
  effect(() => {
    if (chosen.value) document.documentElement.dataset.theme = chosen.value;
  });
}

export function toggleTheme(): void {
  chosen.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, chosen.value);
}
