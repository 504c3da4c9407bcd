import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ReleaseForm } from "#components/releases/form/release-form.tsx";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import type { Actor } from "#lib/access/actor.ts";
import { requireUser } from "#lib/access/session.ts";
import { orNotFound } from "#lib/http/or-not-found.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { ChooseProject } from "./choose-project.tsx";
import { loadFormData } from "./form-data.ts";

type Search = Promise<{ project?: string | string[]; from?: string | string[] }>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("releases.form"))("title") };
}

/** The release order that a new one is to be like; none when it is not there, or of another project. */
async function likeOf(actor: Actor, project: string, number: string | undefined) {
  if (number === undefined) return undefined;
  const release = await orNotFound(getRelease(actor, number));
  return release.project === project ? release : undefined;
}

/** Raising a release order. Without a project in the address it is chosen first, unless there is only one. */
export default async function NewReleasePage({ searchParams }: { searchParams: Search }) {
  const { project: asked, from } = await searchParams;
  const key = Array.isArray(asked) ? asked[0] : asked;
  const number = Array.isArray(from) ? from[0] : from;
  const search = new URLSearchParams({
    ...(key === undefined ? {} : { project: key }),
    ...(number === undefined ? {} : { from: number }),
  });
  const actor = await requireUser(search.size === 0 ? "/releases/new" : `/releases/new?${search}`);
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
  const [data, like] = await Promise.all([
    orNotFound(loadFormData(actor, chosen)),
    likeOf(actor, chosen, number),
  ]);
  return (
    <ServerNowProvider now={new Date().toISOString()}>
      <PageBreadcrumb
        items={[
          { label: data.project.name, href: `/projects/${data.project.key}` },
          { label: t("list.title"), href: `/releases?project=${data.project.key}` },
          { label: t("form.new") },
        ]}
      />
      <ReleaseForm data={data} like={like} />
    </ServerNowProvider>
  );
}
