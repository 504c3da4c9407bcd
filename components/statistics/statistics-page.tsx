"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Duration } from "#components/ui/duration.tsx";
import { formatDuration } from "#components/ui/duration-format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Select } from "#components/ui/select.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type StatisticsFilter, statisticsQuery } from "#lib/statistics/client.ts";
import { BuildsChart } from "./builds-chart.tsx";
import { CausesCard } from "./causes-card.tsx";
import { DeploymentsChart, ImagesChart } from "./charts.tsx";
import { CsvButton } from "./csv-button.tsx";
import { ChartPatterns } from "./patterns.tsx";
import { dayIn, daysUntil, sum, toCsv } from "./series.ts";
import { StepsCard } from "./steps-card.tsx";

export const RANGES = ["7", "30", "90", "365"] as const;

function Figure({ name, value, basis }: { name: string; value: string; basis: string }) {
  return (
    <div className="figure">
      <p className="mb-1 text-fg-2">{name}</p>
      <p className="figure-value">{value}</p>
      <p className="text-sm text-fg-3">{basis}</p>
    </div>
  );
}

/** How delivery goes: images, builds, deployments, lead time. Every chart reads without colour. */
export function StatisticsPage({
  filter,
  projects,
  now,
}: {
  filter: StatisticsFilter;
  projects: { key: string; name: string }[];
  now: string;
}) {
  const t = useTranslations("statistics");
  const format = useFormatter();
  const locale = useLocale();
  const router = useRouter();
  const { data, error, refetch } = useQuery(statisticsQuery(filter));
  const go = (next: StatisticsFilter) => {
    const query = new URLSearchParams({
      ...(next.project === undefined ? {} : { project: next.project }),
      days: String(next.days),
    });
    router.replace(`/statistics?${query}`);
  };
  const days = daysUntil(dayIn(filter.zone, new Date(now)), filter.days);
  const first = days[0] ?? "";
  const lead = data?.leadTime.items ?? [];
  const { medianSeconds = null, failureRate = null, restoreSeconds = null } = data?.leadTime.all ?? {};
  const deploys = sum((data?.deployments ?? []).map(({ succeeded, failed }) => succeeded + failed));
  const percent = (value: number) => format.number(value, { style: "percent", maximumFractionDigits: 1 });
  const leadCsv = () =>
    toCsv(
      ["project", "releases", "lead_time_median_seconds", "change_failure_rate", "time_to_restore_seconds"],
      lead.map((row) => [row.project, row.releases, row.medianSeconds, row.failureRate, row.restoreSeconds]),
    );
  return (
    <Page>
      <ChartPatterns />
      <PageHeader
        title={t("title")}
        badges={
          <span className="text-fg-3">
            {t("asOf")} <ExactTime at={now} style="minutes" />
          </span>
        }
      />
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label={t("project")}
          prefix={t("project")}
          className="w-auto! min-w-48"
          value={filter.project ?? ""}
          onChange={(key) =>
            go({ days: filter.days, zone: filter.zone, ...(key === "" ? {} : { project: key }) })
          }
          options={[
            { value: "", label: t("allProjects") },
            ...projects.map(({ key, name }) => ({ value: key, label: name, hint: key })),
          ]}
        />
        <Segmented
          label={t("range")}
          value={RANGES.find((value) => Number(value) === filter.days) ?? null}
          onChange={(value) => go({ ...filter, days: Number(value) })}
          options={RANGES.map((value) => ({ value, label: t(`ranges.d${value}`) }))}
        />
        <span className="whitespace-nowrap text-fg-3">
          {first} – {days.at(-1)}
        </span>
      </div>
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <Card className="grid grid-cols-2 overflow-hidden lg:grid-cols-4">
            <Figure
              name={t("frequency")}
              value={format.number((deploys / filter.days) * 7, { maximumFractionDigits: 1 })}
              basis={t("frequencyBasis", { count: deploys })}
            />
            <Figure
              name={t("leadTime")}
              value={medianSeconds === null ? "–" : formatDuration(medianSeconds, locale)}
              basis={t("leadTimeBasis")}
            />
            <Figure
              name={t("failureRate")}
              value={failureRate === null ? "–" : percent(failureRate)}
              basis={t("failureRateBasis")}
            />
            <Figure
              name={t("restore")}
              value={restoreSeconds === null ? "–" : formatDuration(restoreSeconds, locale)}
              basis={t("restoreBasis")}
            />
          </Card>
          <ImagesChart days={days} images={data.images} />
          <BuildsChart days={days} builds={data.builds} />
          <CausesCard causes={data.builds.causes} />
          <DeploymentsChart days={days} deployments={data.deployments} />
          <StepsCard steps={data.steps} />
          <Card>
            <CardHeader
              title={t("byProject")}
              hint={t("byProjectHint")}
              actions={<CsvButton file="lead-time" csv={leadCsv} disabled={lead.length === 0} />}
            />
            <Table label={t("byProject")}>
              <thead>
                <tr>
                  <Th>{t("project")}</Th>
                  <Th num>{t("released")}</Th>
                  <Th num>{t("leadTime")}</Th>
                  <Th num>{t("failureRate")}</Th>
                  <Th num>{t("restore")}</Th>
                </tr>
              </thead>
              <tbody>
                {lead.map((row) => (
                  <Tr key={row.project}>
                    <Td>{projects.find(({ key }) => key === row.project)?.name ?? row.project}</Td>
                    <Td num>{row.releases}</Td>
                    <Td num>{row.medianSeconds === null ? "–" : <Duration seconds={row.medianSeconds} />}</Td>
                    <Td num>{row.failureRate === null ? "–" : percent(row.failureRate)}</Td>
                    <Td num>
                      {row.restoreSeconds === null ? "–" : <Duration seconds={row.restoreSeconds} />}
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          </Card>
        </>
      )}
    </Page>
  );
}
