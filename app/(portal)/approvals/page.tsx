import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Inbox } from "#components/approvals/inbox.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { inboxQuery } from "#lib/approvals/client.ts";
import { listApprovals } from "#lib/approvals/queries.ts";
import { INBOX_BOXES } from "#lib/approvals/schema.ts";
import { listProjects } from "#lib/projects/queries.ts";

/** An event stream's address has an end: of more projects than this the first are heard. */
const HEARD = 40;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("approvals"))("title") };
}

export default async function Page() {
  const actor = await requireUser("/approvals");
  const client = new QueryClient();
  const [t, projects] = await Promise.all([
    getTranslations("approvals"),
    listProjects(actor, { limit: HEARD }),
    ...INBOX_BOXES.map((box) =>
      client.prefetchInfiniteQuery({
        ...inboxQuery(box),
        queryFn: () => listApprovals(actor, { box, limit: 50 }),
      }),
    ),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title") }]} />
      <Inbox username={actor.username} projects={projects.items.map(({ key }) => key)} />
    </HydrationBoundary>
  );
}
