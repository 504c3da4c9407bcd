import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { DeploymentView } from "#components/deployments/deployment-view.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { deploymentQuery } from "#lib/deployments/client.ts";
import { getDeployment } from "#lib/deployments/queries.ts";
import { typedName } from "#lib/environments/typed-name.ts";
import { AppError } from "#lib/errors.ts";
import { getProject } from "#lib/projects/queries.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deployments"))("metaTitle") };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const actor = await requireUser(`/deployments/${id}`);
  const deployment = await getDeployment(actor, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const [t, project] = await Promise.all([
    getTranslations("deployments"),
    getProject(actor, deployment.project),
  ]);
  const client = new QueryClient();
  client.setQueryData(deploymentQuery(id).queryKey, deployment);
  const { environment, release } = deployment;
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: project.name, href: `/projects/${project.key}` },
          { label: t("releases"), href: `/releases?project=${project.key}` },
          { label: release, href: `/releases/${release}` },
          { label: t(deployment.kind === "rollback" ? "crumbRollback" : "crumb", { environment }) },
        ]}
      />
      <DeploymentView id={id} typeName={typedName(project.environments, environment)} />
    </HydrationBoundary>
  );
}
