"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, ChevronsLeft, Package } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import { artifactsQuery } from "#lib/artifacts/client.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { ArtifactFilters, type Named } from "./artifact-filters.tsx";
import { ArtifactRow } from "./artifact-row.tsx";
import { ImageTabs } from "./image-tabs.tsx";
import { type ArtifactFilters as Filters, listHref, listQuery } from "./query.ts";

/** Images that were built, newest first: filters in the address, pages by cursor. */
export function ArtifactList({
  filters,
  cursor,
  projects,
  components,
  bases,
}: {
  filters: Filters;
  cursor?: string;
  projects: Named[];
  components: Named[];
  bases: Named[];
}) {
  const t = useTranslations("artifacts.list");
  const router = useRouter();
  const { data, error, refetch } = useQuery({
    ...artifactsQuery(listQuery(filters, cursor)),
    placeholderData: keepPreviousData,
  });
  const change = useCallback((next: Filters) => router.replace(listHref(next), { scroll: false }), [router]);
  const items = data?.items;
  const filtered = Object.keys(filters).length > 0;
  const showProject = filters.project === undefined;
  return (
    <>
      <PageHeader title={t("title")} />
      <ImageTabs current="artifacts" />
      <ArtifactFilters
        filters={filters}
        projects={projects}
        components={components}
        bases={bases}
        onChange={change}
      />
      <Card>
        {items === undefined && error === null && <SkeletonRows rows={8} />}
        {items === undefined && error !== null && (
          <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
        )}
        {items?.length === 0 && (
          <EmptyState icon={<Package aria-hidden />} title={t(filtered ? "noneFound" : "none")}>
            {t(filtered ? "noneFoundText" : "noneText")}
          </EmptyState>
        )}
        {items !== undefined && items.length > 0 && (
          <Table label={t("title")}>
            <thead>
              <tr>
                <Th>{t("digest")}</Th>
                <Th>{t("component")}</Th>
                {showProject && <Th>{t("project")}</Th>}
                <Th>{t("release")}</Th>
                <Th>{t("signed")}</Th>
                <Th>{t("found")}</Th>
                <Th>{t("base")}</Th>
                <Th num>{t("size")}</Th>
                <Th className="text-right!">{t("built")}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((artifact) => (
                <ArtifactRow key={artifact.id} artifact={artifact} showProject={showProject} />
              ))}
            </tbody>
          </Table>
        )}
        {(cursor !== undefined || data?.nextCursor != null) && (
          <CardFooter className="justify-end">
            {cursor !== undefined && (
              <Button size="small" href={listHref(filters)} icon={<ChevronsLeft aria-hidden />}>
                {t("newest")}
              </Button>
            )}
            {data?.nextCursor != null && (
              <Button size="small" href={listHref(filters, data.nextCursor)}>
                {t("older")}
                <ChevronRight aria-hidden />
              </Button>
            )}
          </CardFooter>
        )}
      </Card>
    </>
  );
}
