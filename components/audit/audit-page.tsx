"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, RotateCw, ScrollText } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { MoreFooter } from "#components/ui/more-footer.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import { useUrlParams } from "#components/ui/use-url-params.ts";
import { AUDIT_FILTERS, type AuditFilters, auditQuery } from "#lib/audit/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { AuditEntry } from "./audit-entry.tsx";
import { AuditFilterBar } from "./audit-filters.tsx";
import { useChainCheck } from "./chain-check.tsx";

/** Everything that was decided and done, newest first. */
export function AuditPage({ projects }: { projects: { key: string; name: string }[] }) {
  const t = useTranslations("audit");
  const [params, setParams] = useUrlParams();
  const filters: AuditFilters = {};
  for (const name of AUDIT_FILTERS) {
    const value = params.get(name);
    if (value) filters[name] = value;
  }
  const list = useInfiniteQuery(auditQuery(filters));
  const { data, error, isPending, refetch, isRefetching, isFetchingNextPage } = list;
  const [open, setOpen] = useState<string | null>(null);
  const rows = useRowKeys<HTMLTableSectionElement>();
  const check = useChainCheck();
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  /** What is loaded, one JSON object a line. */
  const save = () => {
    const link = document.createElement("a");
    // What things are called today is no part of the trail.
    const lines = entries.map(({ about, ...entry }) => `${JSON.stringify(entry)}\n`);
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
    link.download = "audit.jsonl";
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Page>
      <PageHeader
        title={t("title")}
        meta={t("subtitle")}
        actions={
          <>
            <Button
              icon={<RotateCw aria-hidden />}
              loading={isRefetching && !isFetchingNextPage}
              onClick={() => void refetch()}
            >
              {t("refresh")}
            </Button>
            <Button icon={<Download aria-hidden />} disabled={entries.length === 0} onClick={save}>
              {t("export")}
            </Button>
            {check.button}
          </>
        }
      />
      {check.result}
      <AuditFilterBar filters={filters} projects={projects} onChange={setParams} />
      <Card>
        {isPending && <SkeletonRows rows={12} />}
        {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
        {!isPending && error === null && entries.length === 0 && (
          <EmptyState icon={<ScrollText aria-hidden />} title={t("none")}>
            {t("noneText")}
          </EmptyState>
        )}
        {entries.length > 0 && (
          <Table label={t("title")}>
            <thead>
              <tr>
                <Th>{t("number")}</Th>
                <Th>{t("time")}</Th>
                <Th>{t("who")}</Th>
                <Th>{t("what")}</Th>
                <Th>{t("subject")}</Th>
                <Th>{t("project")}</Th>
              </tr>
            </thead>
            <tbody ref={rows}>
              {entries.map((entry) => (
                <AuditEntry
                  key={entry.seq}
                  entry={entry}
                  open={open === entry.seq}
                  onToggle={() => setOpen(open === entry.seq ? null : entry.seq)}
                />
              ))}
            </tbody>
          </Table>
        )}
        <MoreFooter list={list}>{t("older")}</MoreFooter>
      </Card>
    </Page>
  );
}
