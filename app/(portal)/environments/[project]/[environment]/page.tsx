import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { LiveView } from "#components/environments/live-view.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { typedName } from "#lib/environments/typed-name.ts";
import { AppError } from "#lib/errors.ts";
import { historyQuery, timelineQuery } from "#lib/live/client.ts";
import { getHistory } from "#lib/live/queries.ts";
import { getTimeline } from "#lib/live/timeline-queries.ts";
import { getProject } from "#lib/projects/queries.ts";

type Props = { params: Promise<{ project: string; environment: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, environment } = await params;
  return { title: `${environment} · ${project}` };
}

/** The clusters are asked by the browser: one that does not answer must not hold the page back. */
export default async function Page({ params }: Props) {
  const place = await params;
  const actor = await requireUser(`/environments/${place.project}/${place.environment}`);
  const project = await getProject(actor, place.project).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const environment = project.environments.find(({ key }) => key === place.environment);
  if (environment === undefined) notFound();
  const client = new QueryClient();
  const [t] = await Promise.all([
    getTranslations("environments"),
    client.prefetchInfiniteQuery({
      ...historyQuery(place),
      queryFn: () => getHistory(actor, place, { limit: 20 }),
    }),
    client.prefetchQuery({
      ...timelineQuery(place, 30),
      queryFn: () => getTimeline(actor, place, { days: 30 }),
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: project.name, href: `/projects/${project.key}` },
          { label: t("title"), href: `/environments?project=${project.key}` },
          { label: environment.key },
        ]}
      />
      <LiveView
        place={place}
        name={environment.name}
        kind={environment.kind}
        typeName={typedName(project.environments, environment.key)}
      />
    </HydrationBoundary>
  );
}
