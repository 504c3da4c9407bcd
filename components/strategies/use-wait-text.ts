"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatDuration } from "#components/ui/duration-format.ts";
import type { Wait } from "#lib/strategies/schema.ts";

/** How a wait is said in a few words. */
export function useWaitText(): (wait: Wait) => string {
  const t = useTranslations("strategies.waits");
  const locale = useLocale();
  return (wait) =>
    wait.kind === "seconds" ? t("seconds", { time: formatDuration(wait.seconds, locale) }) : t(wait.kind);
}
