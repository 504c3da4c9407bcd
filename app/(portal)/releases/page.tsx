import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { filtersOf, listHref, listQuery } from "#components/releases/list/query.ts";
import { ReleaseList } from "#components/releases/list/release-list.tsx";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { listComponents } from "#lib/components/queries.ts";
import { AppError } from "#lib/errors.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { releasesQuery } from "#lib/releases/client.ts";
import { listReleases } from "#lib/releases/queries.ts";
import { releaseQuerySchema } from "#lib/releases/schema.ts";

type Search = Promise<Record<string, string | string[] | undefined>>;
const MOST_PROJECTS = 200;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("releases.list"))("title") };
}

/** Release orders, newest first. */
export default async function ReleasesPage({ searchParams }: { searchParams: Search }) {
  const params = await searchParams;
  const filters = filtersOf(params);
  const cursor = typeof params.cursor === "string" ? params.cursor : undefined;
  const actor = await requireUser(listHref(filters, cursor));
  const query = listQuery(filters, cursor);
  const client = new QueryClient();
  const [projects, components, t] = await Promise.all([
    listProjects(actor, { limit: MOST_PROJECTS }),
    filters.project === undefined ? [] : componentsOf(actor, filters.project),
    getTranslations("releases.list"),
    client.prefetchQuery({
      ...releasesQuery(query),
      queryFn: () => listReleases(actor, releaseQuerySchema.parse(query)),
    }),
  ]);
  const project = projects.items.find(({ key }) => key === filters.project);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ServerNowProvider now={new Date().toISOString()}>
        <PageBreadcrumb
          items={[
            ...(project ? [{ label: project.name, href: `/projects/${project.key}` }] : []),
            { label: t("title") },
          ]}
        />
        <Page>
          <ReleaseList
            filters={filters}
            cursor={cursor}
            projects={projects.items.map(({ key, name }) => ({ key, name }))}
            components={components}
          />
        </Page>
      </ServerNowProvider>
    </HydrationBoundary>
  );
}

/** Components to filter by; a project that is not there, or not for this reader, has none. */
async function componentsOf(actor: Parameters<typeof listComponents>[0], project: string) {
  try {
    return (await listComponents(actor, project)).items.map(({ key, name }) => ({ key, name }));
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
