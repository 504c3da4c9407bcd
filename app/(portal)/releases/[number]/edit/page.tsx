import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ReleaseForm } from "#components/releases/form/release-form.tsx";
import { ServerNowProvider } from "#components/releases/server-now.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { AppError } from "#lib/errors.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { loadFormData } from "../../new/form-data.ts";

type Props = { params: Promise<{ number: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).number) };
}

/** Changing a draft. What is a draft no longer is only shown. */
export default async function EditReleasePage({ params }: Props) {
  const number = decodeURIComponent((await params).number);
  const path = `/releases/${encodeURIComponent(number)}`;
  const actor = await requireUser(`${path}/edit`);
  const release = await getRelease(actor, number).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  if (release.state !== "draft") redirect(path);
  const [data, t] = await Promise.all([
    loadFormData(actor, release.project, number),
    getTranslations("releases"),
  ]);
  return (
    <ServerNowProvider now={new Date().toISOString()}>
      <PageBreadcrumb
        items={[
          { label: release.projectName, href: `/projects/${release.project}` },
          { label: t("list.title"), href: `/releases?project=${release.project}` },
          { label: number, href: path },
          { label: t("actions.edit") },
        ]}
      />
      <ReleaseForm data={data} release={release} />
    </ServerNowProvider>
  );
}
