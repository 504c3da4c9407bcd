"use client";

import { useTranslations } from "next-intl";
import { LinkTabs } from "#components/ui/tabs.tsx";

/** What was built, what it was built on, and what of it stays. */
export function ImageTabs({ current }: { current: "artifacts" | "bases" | "kept" }) {
  const t = useTranslations("artifacts");
  return (
    <LinkTabs
      label={t("page")}
      items={[
        { href: "/artifacts", label: t("list.tab"), current: current === "artifacts" },
        { href: "/base-images", label: t("list.bases"), current: current === "bases" },
        { href: "/kept-images", label: t("list.kept"), current: current === "kept" },
      ]}
    />
  );
}
