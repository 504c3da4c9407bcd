"use client";

import { LockKeyhole } from "lucide-react";
import { useTranslations } from "next-intl";
import { Page } from "#components/ui/page.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";

/** Instead of the trail, for those who may not read it: who may. */
export function NoAudit() {
  const t = useTranslations("audit");
  return (
    <Page>
      <EmptyState icon={<LockKeyhole aria-hidden />} title={t("forbidden")}>
        {t("forbiddenText")}
      </EmptyState>
    </Page>
  );
}
