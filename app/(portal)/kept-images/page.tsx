import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { filtersOf } from "#components/kept-images/filters.ts";
import { KeptImagesPage } from "#components/kept-images/kept-images-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { readableProjects } from "#lib/access/actor.ts";
import { requireUser } from "#lib/access/session.ts";
import { listChoices } from "#lib/components/choices.ts";
import { env } from "#lib/env.ts";
import { listEnvironments } from "#lib/environments/queries.ts";
import { keptImagesQuery } from "#lib/kept-images/client.ts";
import { listKeptImages } from "#lib/kept-images/queries.ts";
import { keptImageQuerySchema } from "#lib/kept-images/schema.ts";

type Search = Promise<Record<string, string | string[] | undefined>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("keptImages"))("title") };
}

/** Images that no cleanup may delete; everybody sees those of their projects. */
export default async function KeptImagesRoute({ searchParams }: { searchParams: Search }) {
  const [actor, params] = await Promise.all([requireUser("/kept-images"), searchParams]);
  const filters = filtersOf({
    get: (name) => {
      const value = params[name];
      return typeof value === "string" ? value : null;
    },
  });
  const client = new QueryClient();
  const [t, artifacts, { projects }, environments] = await Promise.all([
    getTranslations("keptImages"),
    getTranslations("artifacts.list"),
    listChoices(actor),
    listEnvironments(),
    client.prefetchInfiniteQuery({
      ...keptImagesQuery(filters),
      queryFn: () => listKeptImages(actor, keptImageQuerySchema.parse(filters)),
    }),
  ]);
  const named = ({ key, name }: { key: string; name: string }) => ({ key, name });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: artifacts("title"), href: "/artifacts" }, { label: t("title") }]} />
      <Page>
        <KeptImagesPage
          choices={{ projects, environments: environments.items.map(named) }}
          origin={new URL(env.NEXTAUTH_URL).origin}
          seesAll={readableProjects(actor) === null}
        />
      </Page>
    </HydrationBoundary>
  );
}
