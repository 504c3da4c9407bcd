"use client";

import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { chooseTheme, LOCALES, PREFERENCE_COOKIES, THEMES, type Theme } from "#lib/i18n/locale.ts";
import { applyTheme, remember } from "./preferences.ts";

const NAMES = { zh: "中文", en: "English" } as const;
const THEME_ICONS = { light: Sun, dark: Moon, system: Monitor } as const;

/** Chooses the language; the page is written again by the server, nothing that was typed is lost. */
export function LanguageMenu() {
  const t = useTranslations("shell");
  const locale = useLocale();
  const router = useRouter();
  return (
    <Menu
      label={t("language")}
      trigger={<IconButton label={t("language")} icon={<Languages aria-hidden />} />}
      items={LOCALES.map((choice) => ({
        label: NAMES[choice],
        checked: choice === locale,
        onSelect: () => {
          remember(PREFERENCE_COOKIES.locale, choice);
          router.refresh();
        },
      }))}
    />
  );
}

/** Chooses light, dark or the machine's theme; it changes at once. */
export function ThemeMenu() {
  const t = useTranslations("shell");
  const [chosen, setChosen] = useState<Theme>("system");
  useEffect(() => setChosen(chooseTheme(document.documentElement.dataset.themeChoice)), []);
  const Icon = THEME_ICONS[chosen];
  return (
    <Menu
      label={t("theme")}
      trigger={<IconButton label={t("theme")} icon={<Icon aria-hidden />} />}
      items={THEMES.map((theme) => {
        const ThemeIcon = THEME_ICONS[theme];
        return {
          label: t(`themes.${theme}`),
          icon: <ThemeIcon aria-hidden />,
          checked: theme === chosen,
          onSelect: () => {
            applyTheme(theme);
            setChosen(theme);
          },
        };
      })}
    />
  );
}
