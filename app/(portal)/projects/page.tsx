import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { ProjectList } from "#components/projects/project-list.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { can } from "#lib/access/policy.ts";
import { requireUser } from "#lib/access/session.ts";
import { projectsQuery } from "#lib/projects/client.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { projectQuerySchema } from "#lib/projects/schema.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("projects"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<{ q?: string | string[] }> }) {
  const actor = await requireUser("/projects");
  const [t, { q }] = await Promise.all([getTranslations("projects"), searchParams]);
  const wanted = typeof q === "string" ? q.slice(0, 100) : "";
  const page = await listProjects(actor, projectQuerySchema.parse(wanted === "" ? {} : { q: wanted }));
  const client = new QueryClient();
  client.setQueryData(projectsQuery(wanted).queryKey, { pages: [page], pageParams: [""] });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title") }]} />
      <ProjectList mayCreate={can(actor.rights, "platform.manage")} />
    </HydrationBoundary>
  );
}
