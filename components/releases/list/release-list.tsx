"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, ChevronsLeft, GitPullRequestArrow, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useMemo } from "react";
import { useLiveQueries } from "#components/live/use-live-queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter } from "#components/ui/card.tsx";
import { cx } from "#components/ui/cx.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import { ProblemError } from "#lib/http/client.ts";
import { movedRefsQuery, releasesQuery } from "#lib/releases/client.ts";
import type { ReleaseSummaryDto } from "#lib/releases/schema.ts";
import { UNFINISHED_RELEASES } from "#lib/releases/state.ts";
import { LiveMark } from "../live-mark.tsx";
import { type Filters, listHref, listQuery } from "./query.ts";
import { type Named, ReleaseFilters } from "./release-filters.tsx";
import { ReleaseRow, releaseHref } from "./release-row.tsx";
import { useRowKeys } from "./use-row-keys.ts";

/** More streams of whole projects than this are not worth what they cost; the rest is fresh when one looks again. */
const MOST_TOPICS = 40;

const isUnderWay = ({ state }: ReleaseSummaryDto) => UNFINISHED_RELEASES.includes(state);

/** The list of release orders: filters in the address, pages by cursor, kept true by events. */
export function ReleaseList({
  filters,
  cursor,
  projects,
  components,
}: {
  filters: Filters;
  cursor?: string;
  projects: Named[];
  components: Named[];
}) {
  const t = useTranslations("releases.list");
  const router = useRouter();
  const query = useQuery({ ...releasesQuery(listQuery(filters, cursor)), placeholderData: keepPreviousData });
  const topics = (filters.project === undefined ? projects.map(({ key }) => key) : [filters.project])
    .slice(0, MOST_TOPICS)
    .map((key) => `project:${key}`);
  useLiveQueries(topics, [["releases"]]);
  const open = useCallback((number: string) => router.push(releaseHref(number)), [router]);
  const items = query.data?.items;
  const numbers = useMemo(() => items?.map(({ number }) => number) ?? [], [items]);
  const selected = useRowKeys(numbers, open);
  const underWay = useMemo(() => items?.filter(isUnderWay).map(({ number }) => number) ?? [], [items]);
  // Beside the list, which does not wait for a Git host.
  const moved = useQuery({ ...movedRefsQuery(underWay), placeholderData: keepPreviousData }).data?.items;
  const change = useCallback((next: Filters) => router.replace(listHref(next), { scroll: false }), [router]);
  const project = filters.project ?? (projects.length === 1 ? projects[0]?.key : undefined);
  const create = (
    <Button
      kind="primary"
      icon={<Plus aria-hidden />}
      href={project === undefined ? "/releases/new" : `/releases/new?project=${encodeURIComponent(project)}`}
    >
      {t("new")}
    </Button>
  );
  const showProject = filters.project === undefined;
  return (
    <>
      <PageHeader title={t("title")} badges={<LiveMark />} actions={create} />
      <ReleaseFilters filters={filters} projects={projects} components={components} onChange={change} />
      <Card>
        {items === undefined ? (
          query.isError ? (
            <ErrorState
              problem={query.error instanceof ProblemError ? query.error.problem : null}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <SkeletonRows rows={8} />
          )
        ) : items.length === 0 ? (
          <EmptyState
            icon={<GitPullRequestArrow aria-hidden />}
            title={Object.keys(filters).length > 0 ? t("noneFound") : t("none")}
            action={create}
          >
            {Object.keys(filters).length > 0 ? t("noneFoundHint") : t("noneHint")}
          </EmptyState>
        ) : (
          <Table label={t("title")} className="table-tight">
            <thead>
              <tr>
                <Th>{t("number")}</Th>
                <Th>{t("titleColumn")}</Th>
                {showProject && <Th className="max-sm:hidden">{t("project")}</Th>}
                <Th className="max-sm:hidden">{t("itemsColumn")}</Th>
                <Th className="max-sm:hidden">{t("stages")}</Th>
                <Th>{t("state")}</Th>
                <Th className="max-sm:hidden">{t("creator")}</Th>
                <Th className="text-right! max-sm:hidden">{t("age")}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((release) => (
                <ReleaseRow
                  key={release.number}
                  release={release}
                  moved={moved?.filter((one) => one.release === release.number) ?? []}
                  selected={selected === release.number}
                  showProject={showProject}
                  onOpen={() => open(release.number)}
                />
              ))}
            </tbody>
          </Table>
        )}
        {items !== undefined && items.length > 0 && (
          // On a phone there are no keys to tell of, and perhaps no other page: then there is no foot.
          <CardFooter
            className={cx(
              "text-sm",
              cursor === undefined && query.data?.nextCursor == null && "max-md:hidden",
            )}
          >
            <span className="flex items-center gap-1.5 text-fg-3 max-md:hidden">
              <Kbd>j</Kbd>
              <Kbd>k</Kbd>
              {t("keysMove")}
              <Kbd>Enter</Kbd>
              {t("keysOpen")}
            </span>
            <span className="ml-auto flex items-center gap-2">
              {cursor !== undefined && (
                <Button size="small" href={listHref(filters)} icon={<ChevronsLeft aria-hidden />}>
                  {t("newest")}
                </Button>
              )}
              {query.data?.nextCursor != null && (
                <Button size="small" href={listHref(filters, query.data.nextCursor)}>
                  {t("older")}
                  <ChevronRight aria-hidden />
                </Button>
              )}
            </span>
          </CardFooter>
        )}
      </Card>
    </>
  );
}
