"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Brand } from "#components/ui/brand.tsx";
import { type NavEntry, navOf } from "./nav.ts";

function Entry({ entry, path, count = 0 }: { entry: NavEntry; path: string; count?: number }) {
  const t = useTranslations("shell");
  const Icon = entry.icon;
  return (
    <Link href={entry.href} className="nav" aria-current={entry.under.test(path) ? "page" : undefined}>
      <Icon aria-hidden />
      {t(entry.key)}
      {count > 0 && (
        <span className="count">
          <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
          <span className="sr-only">{t("approvalsWaiting", { count })}</span>
        </span>
      )}
    </Link>
  );
}

/** The left rail: mine, the project's, the platform's. `switcher` is the choice of project. */
export function Rail({
  path,
  project,
  approvalsCount,
  mayReadAudit,
  switcher,
  foot,
  className,
}: {
  path: string;
  project: string | undefined;
  approvalsCount: number;
  mayReadAudit: boolean;
  switcher: ReactNode;
  foot?: ReactNode;
  className?: string;
}) {
  const t = useTranslations("shell");
  const nav = navOf(project, mayReadAudit);
  return (
    <nav aria-label={t("navigation")} className={className}>
      <Link href="/" className="brand">
        <Brand />
        Refract
      </Link>
      {nav.mine.map((entry) => (
        <Entry
          key={entry.key}
          entry={entry}
          path={path}
          count={entry.key === "approvals" ? approvalsCount : 0}
        />
      ))}
      <p className="rail-label">{t("project")}</p>
      {switcher}
      {nav.project.map((entry) => (
        <Entry key={entry.key} entry={entry} path={path} />
      ))}
      <p className="rail-label">{t("platform")}</p>
      {nav.platform.map((entry) => (
        <Entry key={entry.key} entry={entry} path={path} />
      ))}
      {foot !== undefined && <div className="mt-auto flex items-center gap-1 pt-4">{foot}</div>}
    </nav>
  );
}
