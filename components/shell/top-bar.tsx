"use client";

import { Bell, Menu, Search } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import type { ShellDto } from "#lib/shell/schema.ts";
import { BREADCRUMB_SLOT } from "./page-slots.tsx";
import { LanguageMenu, ThemeMenu } from "./preference-menus.tsx";
import { UserMenu } from "./user-menu.tsx";

/** Where I am, jump to anything, what waits for me, language, theme, me. */
export function TopBar({
  shell,
  onOpenRail,
  onOpenPalette,
}: {
  shell: ShellDto;
  onOpenRail: () => void;
  onOpenPalette: () => void;
}) {
  const t = useTranslations("shell");
  const [apple, setApple] = useState(false);
  useEffect(() => setApple(/Mac|iPhone|iPad/.test(navigator.userAgent)), []);
  const waiting = t("approvalsWaiting", { count: shell.approvalsCount });
  return (
    <header className="top-bar">
      <IconButton
        className="md:hidden"
        label={t("openNavigation")}
        icon={<Menu aria-hidden />}
        onClick={onOpenRail}
      />
      <div id={BREADCRUMB_SLOT} className="min-w-0 flex-1" />
      <button type="button" className="search" onClick={onOpenPalette} aria-keyshortcuts="Meta+K Control+K">
        <Search aria-hidden />
        <span className="flex-1 text-left max-md:sr-only">{t("jump")}</span>
        <span className="max-md:hidden">
          <Kbd>{apple ? "⌘K" : "Ctrl K"}</Kbd>
        </span>
      </button>
      <Link href="/approvals" className="icon-button" aria-label={waiting} title={waiting}>
        <Bell aria-hidden />
        {shell.approvalsCount > 0 && <span className="dot" />}
      </Link>
      <span className="flex items-center max-sm:hidden">
        <LanguageMenu />
        <ThemeMenu />
      </span>
      <UserMenu user={shell.user} />
    </header>
  );
}
