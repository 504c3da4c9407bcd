import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTimeZone, getTranslations } from "next-intl/server";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { StatisticsPage } from "#components/statistics/statistics-page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { buildStatistics } from "#lib/statistics/builds.ts";
import { type StatisticsFilter, statisticsQuery } from "#lib/statistics/client.ts";
import { deploymentsPerDay, imagesPerDay, leadTime } from "#lib/statistics/queries.ts";
import { statisticsQuerySchema } from "#lib/statistics/schema.ts";
import { leadTimeSteps } from "#lib/statistics/steps.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("statistics"))("title") };
}

type Search = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Search) {
  const actor = await requireUser("/statistics");
  const [t, search, zone] = await Promise.all([getTranslations("statistics"), searchParams, getTimeZone()]);
  const parsed = statisticsQuerySchema.safeParse({
    ...(typeof search.project === "string" && search.project !== "" ? { project: search.project } : {}),
    ...(typeof search.days === "string" ? { days: search.days } : {}),
    zone,
  });
  const query = parsed.success ? parsed.data : statisticsQuerySchema.parse({});
  const filter: StatisticsFilter = {
    ...(query.project === undefined ? {} : { project: query.project }),
    days: query.days,
    zone: query.zone,
  };
  const [images, builds, deployments, lead, steps, projects] = await Promise.all([
    imagesPerDay(actor, query),
    buildStatistics(actor, query),
    deploymentsPerDay(actor, query),
    leadTime(actor, query),
    leadTimeSteps(actor, query),
    listProjects(actor, { limit: 200 }),
  ]);
  const client = new QueryClient();
  client.setQueryData(statisticsQuery(filter).queryKey, {
    images: images.items,
    builds,
    deployments: deployments.items,
    leadTime: lead,
    steps,
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title") }]} />
      <StatisticsPage
        filter={filter}
        projects={projects.items.map(({ key, name }) => ({ key, name }))}
        now={new Date().toISOString()}
      />
    </HydrationBoundary>
  );
}
