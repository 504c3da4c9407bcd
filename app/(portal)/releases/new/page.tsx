import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ReleaseForm } from "#components/releases/form/release-form.tsx";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { AppError } from "#lib/errors.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { ChooseProject } from "./choose-project.tsx";
import { loadFormData } from "./form-data.ts";

type Search = Promise<{ project?: string | string[] }>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("releases.form"))("title") };
}

/** Raising a release order. Without a project in the address it is chosen first, unless there is only one. */
export default async function NewReleasePage({ searchParams }: { searchParams: Search }) {
  const asked = (await searchParams).project;
  const key = Array.isArray(asked) ? asked[0] : asked;
  const actor = await requireUser(
    key === undefined ? "/releases/new" : `/releases/new?project=${encodeURIComponent(key)}`,
  );
  const t = await getTranslations("releases");
  const projects = key === undefined ? (await listProjects(actor, { limit: 200 })).items : [];
  const chosen = key ?? (projects.length === 1 ? projects[0]?.key : undefined);
  if (chosen === undefined) {
    return (
      <>
        <PageBreadcrumb items={[{ label: t("list.title"), href: "/releases" }, { label: t("form.new") }]} />
        <ChooseProject projects={projects.map(({ key: project, name }) => ({ key: project, name }))} />
      </>
    );
  }
  const data = await loadFormData(actor, chosen).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  return (
    <ServerNowProvider now={new Date().toISOString()}>
      <PageBreadcrumb
        items={[
          { label: data.project.name, href: `/projects/${data.project.key}` },
          { label: t("list.title"), href: `/releases?project=${data.project.key}` },
          { label: t("form.new") },
        ]}
      />
      <ReleaseForm data={data} />
    </ServerNowProvider>
  );
}
