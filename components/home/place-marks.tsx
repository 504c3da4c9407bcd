"use client";

import { useFormatter, useTranslations } from "next-intl";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { MatrixProjectDto } from "#lib/home/schema.ts";
import { shortNumber } from "./release-number.ts";

/** What concerns a whole environment of a project, said once at its head: a freeze, who holds it, who queues. */
export function PlaceMarks({ place }: { place: MatrixProjectDto["environments"][number] | undefined }) {
  const t = useTranslations("home");
  const format = useFormatter();
  if (place === undefined) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-2.5">
      {place.frozenUntil !== null && (
        <span title={place.freezeReason ?? undefined}>
          <StateBadge
            size="small"
            state="frozen"
            text={t("frozenUntil", {
              time: format.dateTime(new Date(place.frozenUntil), {
                month: "numeric",
                day: "numeric",
                hour: "2-digit",
                minute: "2-digit",
                hourCycle: "h23",
              }),
            })}
          />
        </span>
      )}
      {place.heldBy !== null && place.heldFor !== null && (
        <StateBadge
          size="small"
          state="held"
          text={t("heldFor", { person: place.heldBy.displayName, release: shortNumber(place.heldFor) })}
        />
      )}
      {place.queue > 0 && (
        <StateBadge size="small" state="in_queue" text={t("queued", { count: place.queue })} />
      )}
    </span>
  );
}
