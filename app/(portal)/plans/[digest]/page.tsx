import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PlanView } from "#components/plans/plan-view.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { shortDigest } from "#components/ui/text.ts";
import { requireUser } from "#lib/access/session.ts";
import { typedName } from "#lib/environments/typed-name.ts";
import { AppError } from "#lib/errors.ts";
import { planQuery } from "#lib/plans/client.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { getProject } from "#lib/projects/queries.ts";

type Props = { params: Promise<{ digest: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("plans");
  return { title: t("byDigest", { digest: shortDigest(decodeURIComponent((await params).digest)) }) };
}

/** Any plan by its digest: rollbacks, and plans that a link names. */
export default async function Page({ params }: Props) {
  const digest = decodeURIComponent((await params).digest);
  const actor = await requireUser(`/plans/${digest}`);
  const plan = await getPlan(actor, digest).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const [t, project] = await Promise.all([getTranslations("plans"), getProject(actor, plan.project)]);
  const client = new QueryClient();
  client.setQueryData(planQuery(digest).queryKey, plan);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          { label: project.name, href: `/projects/${project.key}` },
          { label: t("releases"), href: `/releases?project=${project.key}` },
          { label: plan.release, href: `/releases/${plan.release}` },
          {
            label: t(plan.kind === "rollback" ? "crumbRollback" : "crumb", { environment: plan.environment }),
          },
        ]}
      />
      <PlanView
        digest={digest}
        mine={actor.displayName}
        typeName={typedName(project.environments, plan.environment)}
      />
    </HydrationBoundary>
  );
}
