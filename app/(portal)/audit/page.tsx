import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { getTranslations } from "next-intl/server";
import { AuditPage } from "#components/audit/audit-page.tsx";
import { NoAudit } from "#components/audit/no-access.tsx";
import { PageBreadcrumb } from "#components/shell/page-slots.tsx";
import { requireUser } from "#lib/access/session.ts";
import { AUDIT_FILTERS, type AuditFilters, auditQuery } from "#lib/audit/client.ts";
import { listAudit } from "#lib/audit/queries.ts";
import { auditQuerySchema } from "#lib/audit/schema.ts";
import { listChoices } from "#lib/components/choices.ts";
import { AppError } from "#lib/errors.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("audit"))("title") };
}

type Search = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Search) {
  const actor = await requireUser("/audit");
  const [t, search, { projects }] = await Promise.all([
    getTranslations("audit"),
    searchParams,
    listChoices(actor),
  ]);
  const filters: AuditFilters = {};
  for (const name of AUDIT_FILTERS) {
    const value = search[name];
    if (typeof value === "string" && value !== "") filters[name] = value;
  }
  const crumb = <PageBreadcrumb items={[{ label: t("title") }]} />;
  const client = new QueryClient();
  // An address with a malformed filter still opens; the browser's own call then says what is wrong with it.
  const query = auditQuerySchema.safeParse(filters);
  if (query.success) {
    try {
      const page = await listAudit(actor, query.data);
      client.setQueryData(auditQuery(filters).queryKey, { pages: [page], pageParams: [""] });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "FORBIDDEN") throw error;
      return (
        <>
          {crumb}
          <NoAudit />
        </>
      );
    }
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      {crumb}
      <AuditPage projects={projects} />
    </HydrationBoundary>
  );
}
