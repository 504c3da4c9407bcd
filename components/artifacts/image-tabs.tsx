"use client";

import { useTranslations } from "next-intl";
import { LinkTabs } from "#components/ui/tabs.tsx";

/** What was built, and what it was built on. */
export function ImageTabs({ current }: { current: "artifacts" | "bases" }) {
  const t = useTranslations("artifacts");
  return (
    <LinkTabs
      label={t("page")}
      items={[
        { href: "/artifacts", label: t("list.tab"), current: current === "artifacts" },
        { href: "/base-images", label: t("list.bases"), current: current === "bases" },
      ]}
    />
  );
}
