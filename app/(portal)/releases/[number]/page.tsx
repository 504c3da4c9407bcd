import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ReleasePage } from "#components/releases/detail/release-page.tsx";
import { FIRST_ENTRIES } from "#components/releases/detail/timeline-limits.ts";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { AppError } from "#lib/errors.ts";
import { releaseQuery, timelineQuery } from "#lib/releases/client.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { releaseTimeline } from "#lib/releases/timeline.ts";
import { freezesOf } from "./freezes.ts";

type Props = { params: Promise<{ number: string }> };

/** The number alone: a title is not told before the right to read it has been checked. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).number) };
}

/** One release order. */
export default async function ReleaseRoute({ params }: Props) {
  const number = decodeURIComponent((await params).number);
  const actor = await requireUser(`/releases/${encodeURIComponent(number)}`);
  const release = await getRelease(actor, number).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const keys = release.stages.map(({ environment }) => environment);
  const client = new QueryClient();
  client.setQueryData(releaseQuery(number).queryKey, release);
  const [freezes, t] = await Promise.all([
    freezesOf(release.project, keys),
    getTranslations("releases.list"),
    client.prefetchQuery({
      ...timelineQuery(number, FIRST_ENTRIES),
      queryFn: () => releaseTimeline(actor, number, { limit: FIRST_ENTRIES }),
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ServerNowProvider now={new Date().toISOString()}>
        <PageBreadcrumb
          items={[
            { label: release.projectName, href: `/projects/${release.project}` },
            { label: t("title"), href: `/releases?project=${release.project}` },
            { label: release.number },
          ]}
        />
        <Page>
          <ReleasePage number={number} environments={{ project: release.project, keys }} freezes={freezes} />
        </Page>
      </ServerNowProvider>
    </HydrationBoundary>
  );
}
