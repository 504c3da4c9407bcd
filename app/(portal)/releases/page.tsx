import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { filtersOf, listHref, listQuery } from "#components/releases/list/query.ts";
import { ReleaseList } from "#components/releases/list/release-list.tsx";
import { requireUser } from "#lib/access/session.ts";
import { listChoices } from "#lib/components/choices.ts";
import { releasesQuery } from "#lib/releases/client.ts";
import { listReleases } from "#lib/releases/queries.ts";
import { releaseQuerySchema } from "#lib/releases/schema.ts";
import { FilteredList } from "../filtered-list.tsx";

type Search = Promise<Record<string, string | string[] | undefined>>;

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
  const [{ projects, components }, t] = await Promise.all([
    listChoices(actor, filters.project),
    getTranslations("releases.list"),
    client.prefetchQuery({
      ...releasesQuery(query),
      queryFn: () => listReleases(actor, releaseQuerySchema.parse(query)),
    }),
  ]);
  return (
    <FilteredList client={client} title={t("title")} projects={projects} chosen={filters.project}>
      <ReleaseList filters={filters} cursor={cursor} projects={projects} components={components} />
    </FilteredList>
  );
}
