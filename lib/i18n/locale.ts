export const LOCALES = ["zh", "en"] as const;
export type Locale = (typeof LOCALES)[number];

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

/** Cookies that keep a reader's choices; none of them carries a right. */
export const PREFERENCE_COOKIES = {
  locale: "locale",
  theme: "theme",
  zone: "tz",
  project: "project",
} as const;

function isLocale(text: string | undefined): text is Locale {
  return LOCALES.some((locale) => locale === text);
}

/**
 * The language of a reader: the chosen one, else the first of the browser's list (`Accept-Language`, by its order and
 * `q`) that the product speaks, else Chinese.
 */
export function chooseLocale(chosen: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(chosen)) return chosen;
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...options] = part.trim().split(";");
      const quality = options.find((option) => option.trim().startsWith("q="))?.split("=")[1];
      return {
        language: tag.split("-")[0]?.toLowerCase() ?? "",
        quality: quality === undefined ? 1 : Number(quality),
      };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { language } of wanted) if (isLocale(language)) return language;
  return "zh";
}

/** The theme of a reader; `system` when none was chosen. */
export function chooseTheme(chosen: string | undefined): Theme {
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

/** The reader's time zone as their browser told it; Shanghai until it has, or where the name is not one. */
export function chooseZone(told: string | undefined): string {
  if (told === undefined || told === "") return "Asia/Shanghai";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: decodeURIComponent(told) }).resolvedOptions().timeZone;
  } catch {
    return "Asia/Shanghai";
  }
}
