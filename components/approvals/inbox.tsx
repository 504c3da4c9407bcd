"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Inbox as InboxIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { WaiverList } from "#components/policies/waiver-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { MoreFooter } from "#components/ui/more-footer.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import { APPROVALS_KEY, type InboxBox, inboxQuery } from "#lib/approvals/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { WAIVERS_KEY } from "#lib/waivers/client.ts";
import { InboxRow } from "./inbox-row.tsx";

function Box({ box }: { box: InboxBox }) {
  const t = useTranslations("approvals");
  const list = useInfiniteQuery(inboxQuery(box));
  const { data, error, isPending, refetch } = list;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card>
      <CardHeader title={t(`box.${box}`)} hint={items.length > 0 ? items.length : undefined} />
      {isPending && <SkeletonRows rows={3} />}
      {error !== null && data === undefined && (
        <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      {data !== undefined && items.length === 0 && (
        <EmptyState icon={<InboxIcon aria-hidden />} title={t(`empty.${box}`)}>
          {t(`emptyText.${box}`)}
        </EmptyState>
      )}
      <ul>
        {items.map((item, index) => (
          <InboxRow
            key={`${item.digest} ${item.mine?.createdAt ?? ""}`}
            item={item}
            first={box === "waiting" && index === 0}
          />
        ))}
      </ul>
      <MoreFooter list={list}>{t("more")}</MoreFooter>
    </Card>
  );
}

/** Plans that wait for the reader's decision, then those that the reader decided. `j` and `k` move, `enter` opens. */
export function Inbox({ username, projects }: { username: string; projects: string[] }) {
  const t = useTranslations("approvals");
  const policies = useTranslations("policies");
  const list = useRowKeys<HTMLDivElement>();
  useLiveQueries(
    [`user:${username}`, ...projects.map((key) => `project:${key}`)],
    [APPROVALS_KEY, WAIVERS_KEY],
  );
  return (
    <Page>
      <PageHeader
        title={t("title")}
        meta={t("intro")}
        actions={<Button href="/waivers">{policies("waivers.title")}</Button>}
      />
      <div ref={list} className="flex flex-col gap-4">
        <WaiverList view="waiting" hideEmpty />
        <WaiverList view="due" hideEmpty />
        <Box box="waiting" />
        <Box box="decided" />
      </div>
    </Page>
  );
}
