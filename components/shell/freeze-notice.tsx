"use client";

import { Snowflake } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PageBanner } from "./page-slots.tsx";

/** A freeze that holds now: its name, what it stops until when, a link to the calendar at the right. */
export function FreezeNotice({
  title,
  action,
  children,
}: {
  title?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("shell");
  return (
    <PageBanner>
      <div role="status" className="freeze-notice">
        <Snowflake aria-hidden />
        <span className="font-semibold">{title ?? t("frozen")}</span>
        <span className="min-w-0">{children}</span>
        {action !== undefined && <span className="ml-auto">{action}</span>}
      </div>
    </PageBanner>
  );
}
