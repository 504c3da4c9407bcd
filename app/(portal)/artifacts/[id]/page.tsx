import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ArtifactPage } from "#components/artifacts/artifact-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { shortDigest } from "#components/ui/text.ts";
import { requireUser } from "#lib/access/session.ts";
import { artifactQuery } from "#lib/artifacts/client.ts";
import { getArtifact } from "#lib/artifacts/queries.ts";
import { artifactParams, artifactQuerySchema } from "#lib/artifacts/schema.ts";
import { AppError } from "#lib/errors.ts";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("artifacts"))("page") };
}

/** An image by its id, or by the digest that a pod names. */
export default async function ArtifactRoute({ params, searchParams }: Props) {
  const parsed = artifactParams.safeParse({ id: decodeURIComponent((await params).id) });
  const query = artifactQuerySchema.safeParse(await searchParams);
  if (!parsed.success || !query.success) notFound();
  const { id } = parsed.data;
  const { release } = query.data;
  const actor = await requireUser(`/artifacts/${id}`);
  const artifact = await getArtifact(actor, { id, ...query.data }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const client = new QueryClient();
  client.setQueryData(artifactQuery(id, release).queryKey, artifact);
  const [t, releases] = await Promise.all([getTranslations("artifacts"), getTranslations("releases.list")]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: artifact.projectName, href: `/projects/${artifact.project}` },
          { label: releases("title"), href: `/releases?project=${artifact.project}` },
          { label: artifact.release, href: `/releases/${encodeURIComponent(artifact.release)}` },
          { label: t("breadcrumb", { digest: shortDigest(artifact.digest) }) },
        ]}
      />
      <Page>
        <ArtifactPage id={id} {...(release === undefined ? {} : { release })} />
      </Page>
    </HydrationBoundary>
  );
}
