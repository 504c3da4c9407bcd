import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { EnvironmentList } from "#components/environments/environment-list.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { Page } from "#components/ui/page.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { chosenProject } from "#lib/environments/chosen-project.ts";
import { targetsQuery } from "#lib/environments/client.ts";
import { listTargets } from "#lib/environments/queries.ts";
import { AppError } from "#lib/errors.ts";
import { freezesQuery } from "#lib/freezes/client.ts";
import { listFreezes } from "#lib/freezes/queries.ts";
import { historyQuery } from "#lib/live/client.ts";
import { getHistory } from "#lib/live/queries.ts";
import { reservationQuery } from "#lib/reservations/client.ts";
import { getReservation } from "#lib/reservations/queries.ts";

type Props = { searchParams: Promise<{ project?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("environments"))("title") };
}

export default async function EnvironmentsPage({ searchParams }: Props) {
  const { project: named } = await searchParams;
  const actor = await requireUser(named ? `/environments?project=${named}` : "/environments");
  const t = await getTranslations("environments");
  const project = await chosenProject(actor, named).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  if (project === null) {
    return (
      <Page>
        <PageBreadcrumb items={[{ label: t("title") }]} />
        <EmptyState icon={<Layers aria-hidden />} title={t("noProject")}>
          {t("noProjectText")}
        </EmptyState>
      </Page>
    );
  }
  const client = new QueryClient();
  const { key } = project;
  await Promise.all([
    client.prefetchQuery({ ...targetsQuery(key), queryFn: () => listTargets(actor, key) }),
    client.prefetchQuery({
      ...freezesQuery(key),
      queryFn: () => listFreezes(actor, { project: key, state: "open", limit: 50 }),
    }),
    ...project.environments.flatMap((environment) => {
      const place = { project: key, environment: environment.key };
      return [
        client.prefetchQuery({
          ...reservationQuery(place),
          queryFn: () => getReservation(actor, place.project, place.environment),
        }),
        client.prefetchInfiniteQuery({
          ...historyQuery(place),
          queryFn: () => getHistory(actor, place, { limit: 20 }),
        }),
      ];
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb items={[{ label: project.name, href: `/projects/${key}` }, { label: t("title") }]} />
      <EnvironmentList project={project} />
    </HydrationBoundary>
  );
}
