"use client";

import { useLocale, useNow, useTranslations } from "next-intl";
import { useServerClock } from "./clock.ts";
import { formatDuration } from "./duration-format.ts";

/** A length of time in seconds, with the usual one of the same work behind it where known. */
export function Duration({
  seconds,
  usual,
  className,
}: {
  seconds: number;
  usual?: number;
  className?: string;
}) {
  const t = useTranslations("common");
  const locale = useLocale();
  return (
    <span className={className ?? "whitespace-nowrap"}>
      {formatDuration(seconds, locale)}
      {usual !== undefined && (
        <span className="ml-1.5 font-normal text-fg-2">
          {t("usually", { duration: formatDuration(usual, locale) })}
        </span>
      )}
    </span>
  );
}

/** Time that runs: since `since`, by the server's clock (`now` of the same answer). */
export function LiveDuration({
  since,
  now,
  usual,
  className,
}: {
  since: string | Date;
  now?: string | Date;
  usual?: number;
  className?: string;
}) {
  const rendered = useNow();
  const clock = useServerClock(now ?? rendered, 1000);
  // Whole ones: it moves once a second.
  const seconds = Math.round((clock.getTime() - new Date(since).getTime()) / 1000);
  return <Duration seconds={seconds} usual={usual} className={className} />;
}
