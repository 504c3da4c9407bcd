"use client";

import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Person } from "#components/ui/person.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";

/**
 * That a newer plan took this one's place: whose, when, and in what it differs. It is opened by a click alone, never
 * under somebody who is reading.
 */
export function NewerNotice({
  newer,
  onOpen,
}: {
  newer: NonNullable<PlanDto["newer"]>;
  /** Left out: the plan's own page is opened. */
  onOpen?: (digest: string) => void;
}) {
  const t = useTranslations("plans.stale");
  const { digest, createdBy, computedAt, differences } = newer;
  const parts = differences.map(({ part, count }) => t("newer.part", { part: t(`part.${part}`), count }));
  return (
    <Banner
      kind="wait"
      icon={<History aria-hidden />}
      title={t("newer.title")}
      actions={
        <Button
          size="small"
          kind="primary"
          {...(onOpen ? { onClick: () => onOpen(digest) } : { href: `/plans/${encodeURIComponent(digest)}` })}
        >
          {t("newer.open")}
        </Button>
      }
    >
      <p className="flex flex-wrap items-center gap-x-1.5">
        {t.rich("newer.made", {
          person: () => <Person {...createdBy} />,
          time: () => <TimeAgo at={computedAt} />,
        })}
      </p>
      {parts.length > 0 && <p>{t("newer.differs", { parts: parts.join(t("newer.comma")) })}</p>}
      <p>{t("newer.text")}</p>
    </Banner>
  );
}
