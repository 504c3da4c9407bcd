import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ArtifactList } from "#components/artifacts/artifact-list.tsx";
import { filtersOf, listHref, listQuery } from "#components/artifacts/query.ts";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { artifactsQuery } from "#lib/artifacts/client.ts";
import { listArtifacts } from "#lib/artifacts/list.ts";
import { artifactListQuerySchema } from "#lib/artifacts/schema.ts";
import { baseNames } from "#lib/base-images/names.ts";
import { listComponents } from "#lib/components/queries.ts";
import { AppError } from "#lib/errors.ts";
import { listProjects } from "#lib/projects/queries.ts";

type Search = Promise<Record<string, string | string[] | undefined>>;
const MOST_PROJECTS = 200;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("artifacts.list"))("title") };
}

/** Images that were built, newest first. */
export default async function ArtifactsPage({ searchParams }: { searchParams: Search }) {
  const params = await searchParams;
  const filters = filtersOf(params);
  const parsed = artifactListQuerySchema.shape.cursor.safeParse(params.cursor);
  const cursor = parsed.data;
  const actor = await requireUser(listHref(filters, cursor));
  const query = listQuery(filters, cursor);
  const client = new QueryClient();
  const [projects, components, bases, t] = await Promise.all([
    listProjects(actor, { limit: MOST_PROJECTS }),
    filters.project === undefined ? [] : componentsOf(actor, filters.project),
    baseNames(),
    getTranslations("artifacts.list"),
    client.prefetchQuery({
      ...artifactsQuery(query),
      queryFn: () => listArtifacts(actor, artifactListQuerySchema.parse(query)),
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
          <ArtifactList
            filters={filters}
            cursor={cursor}
            projects={projects.items.map(({ key, name }) => ({ key, name }))}
            components={components}
            bases={bases}
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
