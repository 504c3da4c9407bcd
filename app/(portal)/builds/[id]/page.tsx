import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BuildPage } from "#components/builds/build-page.tsx";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import type { Actor } from "#lib/access/actor.ts";
import { requireUser } from "#lib/access/session.ts";
import { buildQuery } from "#lib/builds/client.ts";
import { getBuild } from "#lib/builds/queries.ts";
import { buildParams } from "#lib/builds/schema.ts";
import { AppError } from "#lib/errors.ts";
import { getRelease } from "#lib/releases/queries.ts";

type Props = { params: Promise<{ id: string }> };

async function load(actor: Actor, id: string) {
  if (!buildParams.safeParse({ id }).success) notFound();
  try {
    const build = await getBuild(actor, id);
    return { build, release: await getRelease(actor, build.release) };
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("builds"))("page") };
}

/** One attempt at building one item. */
export default async function BuildRoute({ params }: Props) {
  const { id } = await params;
  const actor = await requireUser(`/builds/${id}`);
  const { build, release } = await load(actor, id);
  const client = new QueryClient();
  client.setQueryData(buildQuery(id).queryKey, build);
  const [t, releases] = await Promise.all([getTranslations("builds"), getTranslations("releases.list")]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ServerNowProvider now={new Date().toISOString()}>
        <PageBreadcrumb
          items={[
            { label: release.projectName, href: `/projects/${release.project}` },
            { label: releases("title"), href: `/releases?project=${release.project}` },
            { label: release.number, href: `/releases/${encodeURIComponent(release.number)}` },
            { label: t("title", { component: build.component }) },
          ]}
        />
        <Page>
          <BuildPage id={id} title={release.title} />
        </Page>
      </ServerNowProvider>
    </HydrationBoundary>
  );
}
