import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { StatisticsPage } from "#components/statistics/statistics-page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { type StatisticsFilter, statisticsQuery } from "#lib/statistics/client.ts";
import { buildsPerDay, deploymentsPerDay, imagesPerDay, leadTime } from "#lib/statistics/queries.ts";
import { statisticsQuerySchema } from "#lib/statistics/schema.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("statistics"))("title") };
}

type Search = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Search) {
  const actor = await requireUser("/statistics");
  const [t, search] = await Promise.all([getTranslations("statistics"), searchParams]);
  const parsed = statisticsQuerySchema.safeParse({
    ...(typeof search.project === "string" && search.project !== "" ? { project: search.project } : {}),
    ...(typeof search.days === "string" ? { days: search.days } : {}),
  });
  const query = parsed.success ? parsed.data : statisticsQuerySchema.parse({});
  const filter: StatisticsFilter = {
    ...(query.project === undefined ? {} : { project: query.project }),
    days: query.days,
  };
  const [images, builds, deployments, lead, projects] = await Promise.all([
    imagesPerDay(actor, query),
    buildsPerDay(actor, query),
    deploymentsPerDay(actor, query),
    leadTime(actor, query),
    listProjects(actor, { limit: 200 }),
  ]);
  const client = new QueryClient();
  client.setQueryData(statisticsQuery(filter).queryKey, {
    images: images.items,
    builds: builds.items,
    deployments: deployments.items,
    leadTime: lead.items,
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
