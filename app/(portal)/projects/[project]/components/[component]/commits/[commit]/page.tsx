import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { CommitPage } from "#components/commits/commit-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { requireUser } from "#lib/access/session.ts";
import { commitPageQuery } from "#lib/commits/client.ts";
import { getCommit } from "#lib/commits/queries.ts";
import { commitParams } from "#lib/commits/schema.ts";
import { orNotFound } from "#lib/http/or-not-found.ts";

type Props = { params: Promise<Record<string, string>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("commits"))("commit") };
}

/** A commit of a component, by its id or as much of it as it takes. */
export default async function CommitRoute({ params }: Props) {
  const given = Object.entries(await params).map(([name, value]) => [name, decodeURIComponent(value)]);
  const parsed = commitParams.safeParse(Object.fromEntries(given));
  if (!parsed.success) notFound();
  const place = parsed.data;
  const path = `/projects/${encodeURIComponent(place.project)}/components/${encodeURIComponent(place.component)}`;
  const actor = await requireUser(`${path}/commits/${place.commit}`);
  const page = await orNotFound(getCommit(actor, place));
  const client = new QueryClient();
  client.setQueryData(commitPageQuery(place).queryKey, page);
  const [t, projects] = await Promise.all([getTranslations("commits"), getTranslations("projects")]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: projects("title"), href: "/projects" },
          { label: page.projectName, href: `/projects/${encodeURIComponent(place.project)}` },
          { label: page.componentName, href: path },
          { label: t("title", { commit: shortCommit(page.sha) }) },
        ]}
      />
      <Page>
        <CommitPage {...place} />
      </Page>
    </HydrationBoundary>
  );
}
