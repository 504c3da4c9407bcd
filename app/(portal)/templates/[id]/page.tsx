import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { TemplatePage } from "#components/templates/template-page.tsx";
import { requireUser } from "#lib/access/session.ts";
import { listComponents } from "#lib/components/queries.ts";
import { chosenProject } from "#lib/environments/chosen-project.ts";
import { AppError } from "#lib/errors.ts";
import { templateQuery } from "#lib/templates/client.ts";
import { getTemplate } from "#lib/templates/queries.ts";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ project?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates"))("title") };
}

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const { project: named } = await searchParams;
  if (!z.uuid().safeParse(id).success) notFound();
  const actor = await requireUser(`/templates/${id}`);
  const missing = (error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  };
  const template = await getTemplate(actor, id).catch(missing);
  const [t, project] = await Promise.all([
    getTranslations("templates"),
    chosenProject(actor, template.project ?? named).catch(missing),
  ]);
  // Rendered first for those that use it, of the project at hand before others; else for any of its components.
  const own = project === null ? [] : (await listComponents(actor, project.key)).items;
  const used = template.usedBy.toSorted(
    (a, b) => Number(b.project === project?.key) - Number(a.project === project?.key),
  );
  const others = own
    .map(({ key }) => ({ project: project?.key ?? "", component: key }))
    .filter((one) => !used.some((by) => by.project === one.project && by.component === one.component));
  const client = new QueryClient();
  client.setQueryData(templateQuery(id).queryKey, template);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageBreadcrumb
        items={[
          ...(project === null ? [] : [{ label: project.name, href: `/projects/${project.key}` }]),
          { label: t("title"), href: project === null ? "/templates" : `/templates?project=${project.key}` },
          { label: `${template.name} · ${template.environment}` },
        ]}
      />
      <TemplatePage initial={template} choices={[...used, ...(template.component === null ? others : [])]} />
    </HydrationBoundary>
  );
}
