import { signal } from "@preact/signals";

const KEY = "muster.theme";

/** Dark unless a person chose otherwise in this browser. */
export const theme = signal<"dark" | "light">(localStorage.getItem(KEY) === "light" ? "light" : "dark");

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, theme.value);
  applyTheme();
}
