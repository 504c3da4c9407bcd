import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ArtifactList } from "#components/artifacts/artifact-list.tsx";
import { filtersOf, listHref, listQuery } from "#components/artifacts/query.ts";
import { requireUser } from "#lib/access/session.ts";
import { artifactsQuery } from "#lib/artifacts/client.ts";
import { listArtifacts } from "#lib/artifacts/list.ts";
import { artifactListQuerySchema } from "#lib/artifacts/schema.ts";
import { baseNames } from "#lib/base-images/names.ts";
import { listChoices } from "#lib/components/choices.ts";
import { FilteredList } from "../filtered-list.tsx";

type Search = Promise<Record<string, string | string[] | undefined>>;

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
  const [{ projects, components }, bases, t] = await Promise.all([
    listChoices(actor, filters.project),
    baseNames(),
    getTranslations("artifacts.list"),
    client.prefetchQuery({
      ...artifactsQuery(query),
      queryFn: () => listArtifacts(actor, artifactListQuerySchema.parse(query)),
    }),
  ]);
  return (
    <FilteredList client={client} title={t("title")} projects={projects} chosen={filters.project}>
      <ArtifactList
        filters={filters}
        cursor={cursor}
        projects={projects}
        components={components}
        bases={bases}
      />
    </FilteredList>
  );
}
