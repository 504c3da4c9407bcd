"use client";

import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { LinkTabs } from "#components/ui/tabs.tsx";
import { WAIVERS_KEY } from "#lib/waivers/client.ts";
import { WAIVER_VIEWS, type WaiverView } from "#lib/waivers/schema.ts";
import { WaiverList } from "./waiver-list.tsx";

// What ends soon and is one's own stands in the inbox.
const TABS = WAIVER_VIEWS.filter((view) => view !== "due");

/** Waivers of the reader's projects, one view at a time. */
export function WaiversPage({ view, projects }: { view: WaiverView; projects: string[] }) {
  const t = useTranslations("policies.waivers");
  useLiveQueries(
    projects.map((key) => `project:${key}`),
    [WAIVERS_KEY],
  );
  return (
    <Page>
      <PageHeader title={t("title")} meta={t("intro")} />
      <LinkTabs
        label={t("title")}
        items={TABS.map((name) => ({
          href: `/waivers?view=${name}`,
          label: t(name === "waiting" ? "waitingTab" : name),
          current: name === view,
        }))}
      />
      <WaiverList key={view} view={view} />
    </Page>
  );
}
