"use client";

import { useLocale, useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { formatDuration } from "#components/ui/duration-format.ts";
import { type Eta, roundedEta } from "#lib/builds/eta.ts";

/** When it will be over, as roughly as it is known; in another colour when it takes longer than usual. */
export function EtaText({ eta, className }: { eta: Eta; className?: string }) {
  const t = useTranslations("builds");
  const locale = useLocale();
  const { etaMs, overdueMs } = eta;
  if (etaMs !== null) {
    const seconds = roundedEta(etaMs);
    return (
      <span className={cx("whitespace-nowrap text-fg-3", className)}>
        {seconds === 0 ? t("etaSoon") : t("etaLeft", { duration: formatDuration(seconds, locale) })}
      </span>
    );
  }
  if (overdueMs === null) return null;
  return (
    <span className={cx("whitespace-nowrap text-held", className)}>
      {t("overdue", { duration: formatDuration(Math.round(overdueMs / 1000), locale) })}
    </span>
  );
}
