import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTimeZone, getTranslations } from "next-intl/server";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import type { Choices } from "#components/statistics/filter-bar.tsx";
import { StatisticsPage } from "#components/statistics/statistics-page.tsx";
import type { Actor } from "#lib/access/actor.ts";
import { requireUser } from "#lib/access/session.ts";
import { listChoices } from "#lib/components/choices.ts";
import { listEnvironments } from "#lib/environments/queries.ts";
import { buildStatistics } from "#lib/statistics/builds.ts";
import { statisticsQuery } from "#lib/statistics/client.ts";
import { deploymentStatistics } from "#lib/statistics/deployments.ts";
import { imagesPerDay } from "#lib/statistics/images.ts";
import { leadTime } from "#lib/statistics/lead-time.ts";
import { statisticsQuerySchema } from "#lib/statistics/schema.ts";
import { leadTimeSteps } from "#lib/statistics/steps.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("statistics"))("title") };
}

type Search = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** What an address asks for; one that asks for nonsense is answered with everything. */
function asked(search: Awaited<Search["searchParams"]>, zone: string) {
  const given = Object.fromEntries(
    ["project", "component", "environment", "days"].flatMap((name) => {
      const value = search[name];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
  const parsed = statisticsQuerySchema.safeParse({ ...given, zone });
  return parsed.success ? parsed.data : statisticsQuerySchema.parse({});
}

async function choicesFor(actor: Actor, project: string | undefined): Promise<Choices> {
  const [choices, environments] = await Promise.all([listChoices(actor, project), listEnvironments()]);
  // People call an environment by its key.
  return { ...choices, environments: environments.items.map(({ key }) => ({ key, name: key })) };
}

export default async function Page({ searchParams }: Search) {
  const actor = await requireUser("/statistics");
  const [t, search, zone] = await Promise.all([getTranslations("statistics"), searchParams, getTimeZone()]);
  const query = asked(search, zone);
  const { back: _, ...filter } = query;
  const [choices, images, builds, deployments, lead, before, steps] = await Promise.all([
    choicesFor(actor, query.project),
    imagesPerDay(actor, query),
    buildStatistics(actor, query),
    deploymentStatistics(actor, query),
    leadTime(actor, query),
    leadTime(actor, { ...query, back: query.days }),
    leadTimeSteps(actor, query),
  ]);
  const client = new QueryClient();
  client.setQueryData(statisticsQuery(filter).queryKey, {
    images,
    builds,
    deployments,
    leadTime: lead,
    before: before.all,
    steps,
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title") }]} />
      <StatisticsPage filter={filter} choices={choices} now={new Date().toISOString()} />
    </HydrationBoundary>
  );
}
