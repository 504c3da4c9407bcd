import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { ComponentPage } from "#components/components/component-page.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { componentQuery, configQuery } from "#lib/components/client.ts";
import { getConfig } from "#lib/components/config-queries.ts";
import { getComponent } from "#lib/components/queries.ts";
import { runningConfigs } from "#lib/components/running.ts";
import { orNotFound } from "#lib/http/or-not-found.ts";
import { getProject } from "#lib/projects/queries.ts";

type Params = { params: Promise<{ project: string; component: string }> };

async function keysOf({ params }: Params) {
  const { project, component } = await params;
  return { project: decodeURIComponent(project), component: decodeURIComponent(component) };
}

export async function generateMetadata(props: Params) {
  return { title: (await keysOf(props)).component };
}

export default async function Page(props: Params) {
  const { project: projectKey, component: key } = await keysOf(props);
  const actor = await requireUser(`/projects/${projectKey}/components/${key}`);
  const [t, project, component] = await Promise.all([
    getTranslations("projects"),
    orNotFound(getProject(actor, projectKey)),
    orNotFound(getComponent(actor, projectKey, key)),
  ]);
  const places = project.environments.map((environment) => ({
    project: projectKey,
    component: key,
    environment: environment.key,
  }));
  const [running, ...configs] = await Promise.all([
    runningConfigs(actor, projectKey, key),
    ...places.map((place) => getConfig(actor, place)),
  ]);
  const client = new QueryClient();
  client.setQueryData(componentQuery(projectKey, key).queryKey, component);
  places.forEach((place, index) => {
    client.setQueryData(configQuery(place).queryKey, configs[index]);
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: t("title"), href: "/projects" },
          { label: project.name, href: `/projects/${projectKey}` },
          { label: component.key },
        ]}
      />
      <ComponentPage project={project} component={key} running={running} />
    </HydrationBoundary>
  );
}
