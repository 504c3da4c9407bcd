import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { StagePlan } from "#components/plans/stage-plan.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { typedName } from "#lib/environments/typed-name.ts";
import { AppError } from "#lib/errors.ts";
import { planQuery } from "#lib/plans/client.ts";
import { newestPlan } from "#lib/plans/newest.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { getProject } from "#lib/projects/queries.ts";

type Props = { params: Promise<{ number: string; environment: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { number, environment } = await params;
  const t = await getTranslations("plans");
  return { title: `${t("title", { environment })} · ${number}` };
}

export default async function Page({ params }: Props) {
  const { number, environment } = await params;
  const actor = await requireUser(`/releases/${number}/plan/${environment}`);
  const stage = await newestPlan(actor, number, environment).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const [t, project, plan] = await Promise.all([
    getTranslations("plans"),
    getProject(actor, stage.project),
    stage.digest === null ? null : getPlan(actor, stage.digest),
  ]);
  const client = new QueryClient();
  if (plan !== null) client.setQueryData(planQuery(plan.digest).queryKey, plan);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: project.name, href: `/projects/${project.key}` },
          { label: t("releases"), href: `/releases?project=${project.key}` },
          { label: number, href: `/releases/${number}` },
          { label: t("crumb", { environment }) },
        ]}
      />
      <StagePlan
        release={number}
        environment={environment}
        newest={stage.digest}
        mine={actor.displayName}
        typeName={typedName(project.environments, environment)}
      />
    </HydrationBoundary>
  );
}
