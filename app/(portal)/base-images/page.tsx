import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { BaseImagesPage } from "#components/base-images/base-images-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/access/policy.ts";
import { requireUser } from "#lib/access/session.ts";
import { baseImagesQuery } from "#lib/base-images/client.ts";
import { listBaseImages } from "#lib/base-images/queries.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("baseImages"))("title") };
}

/** Base images: everybody reads, admins edit. */
export default async function BaseImagesRoute() {
  const actor = await requireUser("/base-images");
  const client = new QueryClient();
  const [t, artifacts] = await Promise.all([
    getTranslations("baseImages"),
    getTranslations("artifacts.list"),
    client.prefetchQuery({ ...baseImagesQuery(), queryFn: () => listBaseImages(actor) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: artifacts("title"), href: "/artifacts" }, { label: t("title") }]} />
      <Page>
        <BaseImagesPage mayEdit={can(actor.rights, "platform.manage")} />
      </Page>
    </HydrationBoundary>
  );
}
