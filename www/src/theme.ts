// Light, dark or as the system says: an attribute on the root, remembered in this browser where it lets us.

import { THEMES } from "./theme-names.ts";
import type { Theme } from "./theme-names.ts";

const KEY = "soft-thinking-lab-theme";

let theme: Theme = read();

function read(): Theme {
  try {
    return THEMES.find((one) => one === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto";
  }
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("theme"));
}

export function currentTheme(): Theme {
  return theme;
}

/** As a link wants it; the choice of this browser stays what it was. */
export function useTheme(wanted: Theme): void {
  theme = wanted;
  applyTheme();
}

export function nextTheme(): void {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that forbids storage forgets the choice; nothing else is lost.
  }
  applyTheme();
}

/** What the button for it says, in the words of the page it is on. */
export function themeWords(words: Record<Theme | "label", string>): string {
  return `${words.label}: ${words[theme]}`;
}
