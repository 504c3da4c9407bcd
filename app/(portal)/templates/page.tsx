import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { FileCode2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { TemplateList } from "#components/templates/template-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { mayEditTemplate } from "#lib/access/policy.ts";
import { requireUser } from "#lib/access/session.ts";
import { chosenProject } from "#lib/environments/chosen-project.ts";
import { AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { templatesQuery } from "#lib/templates/client.ts";
import { listTemplates } from "#lib/templates/queries.ts";

type Props = { searchParams: Promise<{ project?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates"))("title") };
}

export default async function TemplatesPage({ searchParams }: Props) {
  const { project: named } = await searchParams;
  const actor = await requireUser(named ? `/templates?project=${named}` : "/templates");
  const t = await getTranslations("templates");
  const project = await chosenProject(actor, named).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  if (project === null) {
    return (
      <Page>
        <PageBreadcrumb items={[{ label: t("title") }]} />
        <EmptyState icon={<FileCode2 aria-hidden />} title={t("noProject")}>
          {t("noProjectText")}
        </EmptyState>
      </Page>
    );
  }
  const client = new QueryClient();
  const [{ id }] = await Promise.all([
    readProject(actor, project.key),
    client.prefetchQuery({
      ...templatesQuery(project.key),
      queryFn: () => listTemplates(actor, { project: project.key, limit: 200 }),
    }),
  ]);
  const environments = project.environments.map(({ key, name, kind }) => ({
    key,
    name,
    mayCreate: mayEditTemplate(actor.rights, id, kind === "controlled" ? "controlled" : "open"),
  }));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[{ label: project.name, href: `/projects/${project.key}` }, { label: t("title") }]}
      />
      <TemplateList
        project={{ key: project.key, name: project.name }}
        environments={environments}
        mayCreate={environments.some((environment) => environment.mayCreate)}
      />
    </HydrationBoundary>
  );
}
