"use client";

import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";

/** In an open dialog: the plan went out of date under it, so that there is nothing to agree to any more. */
export function OutdatedNotice({ plan }: { plan: PlanDto }) {
  const t = useTranslations("plans.stale.newer");
  if (plan.current) return null;
  return (
    <Banner kind="wait" title={t("dialog")} className="mb-2">
      {t("dialogText")}
    </Banner>
  );
}
