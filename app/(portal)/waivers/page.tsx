import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WaiversPage } from "#components/policies/waivers-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { waiversQuery } from "#lib/waivers/client.ts";
import { listWaivers } from "#lib/waivers/queries.ts";
import { WAIVER_VIEWS } from "#lib/waivers/schema.ts";

/** An event stream's address has an end: of more projects than this the first are heard. */
const HEARD = 40;
type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("policies.waivers"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const { view: wanted } = await searchParams;
  const view = WAIVER_VIEWS.find((name) => name === wanted) ?? "open";
  const actor = await requireUser(`/waivers?view=${view}`);
  const client = new QueryClient();
  const [t, approvals, projects] = await Promise.all([
    getTranslations("policies.waivers"),
    getTranslations("approvals"),
    listProjects(actor, { limit: HEARD }),
    client.prefetchInfiniteQuery({
      ...waiversQuery(view),
      queryFn: () => listWaivers(actor, { view, limit: 50 }),
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: approvals("title"), href: "/approvals" }, { label: t("title") }]} />
      <WaiversPage view={view} projects={projects.items.map(({ key }) => key)} />
    </HydrationBoundary>
  );
}
