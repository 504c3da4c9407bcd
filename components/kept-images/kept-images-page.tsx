"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { ImageTabs } from "#components/artifacts/image-tabs.tsx";
import { saveCsv } from "#components/statistics/save-csv.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { useUrlParams } from "#components/ui/use-url-params.ts";
import { problemOf } from "#lib/http/problem-of.ts";
import { allKeptImages, keptImagesQuery } from "#lib/kept-images/client.ts";
import { CleanupCard } from "./cleanup-card.tsx";
import { keptCsv } from "./csv.ts";
import { filtersOf } from "./filters.ts";
import { type Choices, KeptFilters } from "./kept-filters.tsx";
import { KeptImageRow } from "./kept-image-row.tsx";

/** Images that no cleanup may delete: why, and whether their registries know. */
export function KeptImagesPage({
  choices,
  origin,
  seesAll,
}: {
  choices: Choices;
  origin: string;
  /** Of every project: what a cleanup is told is whole, or nothing. */
  seesAll: boolean;
}) {
  const t = useTranslations("keptImages");
  const toast = useToast();
  const [params, setParams] = useUrlParams();
  const filters = filtersOf(params);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(keptImagesQuery(filters));
  const save = useMutation({
    mutationFn: () => allKeptImages(filters),
    onSuccess: (images) => saveCsv("kept-images", keptCsv(images)),
    onError: (cause) => toast.failed(problemOf(cause) ?? String(cause)),
  });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title={t("title")}
        meta={t("intro")}
        actions={
          <Button
            icon={<Download aria-hidden />}
            disabled={total === 0}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            CSV
          </Button>
        }
      />
      <ImageTabs current="kept" />
      <KeptFilters filters={filters} choices={choices} onChange={setParams} />
      <Card>
        {isPending && <SkeletonRows rows={8} />}
        {error !== null && data === undefined && (
          <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />
        )}
        {data !== undefined && items.length === 0 && (
          <EmptyState icon={<ShieldCheck aria-hidden />} title={t(filtered ? "noneFound" : "none")}>
            {t(filtered ? "noneFoundText" : "noneText")}
          </EmptyState>
        )}
        {items.length > 0 && (
          <Table label={t("title")}>
            <thead>
              <tr>
                <Th>{t("image")}</Th>
                <Th>{t("why")}</Th>
                <Th>{t("labelled")}</Th>
                <Th>{t("since")}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((image) => (
                <KeptImageRow key={`${image.registry} ${image.repository} ${image.digest}`} image={image} />
              ))}
            </tbody>
          </Table>
        )}
        {items.length > 0 && (
          <CardFooter className="justify-between">
            <span className="text-sm text-fg-3">{t("shown", { shown: items.length, total })}</span>
            {hasNextPage && (
              <Button
                kind="quiet"
                size="small"
                loading={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {t("more")}
              </Button>
            )}
          </CardFooter>
        )}
      </Card>
      <CleanupCard
        origin={origin}
        registries={[...new Set(items.map(({ registry }) => registry))]}
        seesAll={seesAll}
      />
    </>
  );
}
