import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { ProjectPage } from "#components/projects/project-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { can } from "#lib/access/policy.ts";
import { requireUser } from "#lib/access/session.ts";
import { listClusters } from "#lib/clusters/queries.ts";
import { componentsQuery } from "#lib/components/client.ts";
import { listComponents } from "#lib/components/queries.ts";
import { environmentsQuery, targetsQuery } from "#lib/environments/client.ts";
import { listEnvironments, listTargets } from "#lib/environments/queries.ts";
import { freezesQuery } from "#lib/freezes/client.ts";
import { listFreezes } from "#lib/freezes/queries.ts";
import { freezeQuerySchema } from "#lib/freezes/schema.ts";
import { orNotFound } from "#lib/http/or-not-found.ts";
import { projectQuery } from "#lib/projects/client.ts";
import { getProject, readProject } from "#lib/projects/queries.ts";

type Params = { params: Promise<{ project: string }> };

export async function generateMetadata({ params }: Params) {
  return { title: decodeURIComponent((await params).project) };
}

export default async function Page({ params }: Params) {
  const key = decodeURIComponent((await params).project);
  const actor = await requireUser(`/projects/${key}`);
  const [{ id }, project] = await orNotFound(Promise.all([readProject(actor, key), getProject(actor, key)]));
  const administers = can(actor.rights, "platform.manage");
  const [t, components, environments, targets, freezes, clusters] = await Promise.all([
    getTranslations("projects"),
    listComponents(actor, key),
    listEnvironments(),
    listTargets(actor, key),
    listFreezes(actor, freezeQuerySchema.parse({ project: key })),
    administers ? listClusters(actor) : { items: [] },
  ]);
  const client = new QueryClient();
  client.setQueryData(projectQuery(key).queryKey, project);
  client.setQueryData(componentsQuery(key).queryKey, components);
  client.setQueryData(environmentsQuery().queryKey, environments);
  client.setQueryData(targetsQuery(key).queryKey, targets);
  client.setQueryData(freezesQuery(key).queryKey, freezes);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: t("title"), href: "/projects" }, { label: project.name }]} />
      <ProjectPage
        projectKey={key}
        administers={administers}
        mayFreeze={can(actor.rights, "freeze.manage", id)}
        clusters={clusters.items.map((cluster) => cluster.key)}
      />
    </HydrationBoundary>
  );
}
