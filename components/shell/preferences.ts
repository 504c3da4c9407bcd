import { PREFERENCE_COOKIES, type Theme } from "#lib/i18n/locale.ts";

const YEAR = 365 * 24 * 3600;

/** Remembers a choice of the reader for a year, for every page. (`cookieStore` is missing on plain http.) */
export function remember(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR}; samesite=lax`;
}

/** Puts a theme on the page at once and remembers it; `system` follows the machine. */
export function applyTheme(theme: Theme): void {
  remember(PREFERENCE_COOKIES.theme, theme);
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.themeChoice = theme;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
