"use client";

import { Radio } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveState } from "#components/live/live-provider.tsx";

/** Said only while the stream is open. */
export function LiveMark() {
  const t = useTranslations("releases");
  if (!useLiveState()) return null;
  return (
    <span className="state k-run font-normal">
      <Radio aria-hidden />
      {t("live")}
    </span>
  );
}
