"use client";

import { useTranslations } from "next-intl";
import { PageHeader } from "#components/ui/page.tsx";
import { LinkTabs } from "#components/ui/tabs.tsx";
import { SETTINGS_TABS, type SettingsTab } from "./tabs.ts";

/** Head of every settings page. What only admins may do is not there for others: it has no part they could read. */
export function SettingsTabs({ current, administers }: { current: SettingsTab; administers: boolean }) {
  const t = useTranslations("settings");
  return (
    <>
      <PageHeader title={t("title")} />
      <LinkTabs
        label={t("title")}
        items={SETTINGS_TABS.filter(({ admin }) => administers || !admin).map(({ name }) => ({
          href: name === "profile" ? "/settings" : `/settings/${name}`,
          label: t(`tab.${name}`),
          current: name === current,
        }))}
      />
    </>
  );
}
