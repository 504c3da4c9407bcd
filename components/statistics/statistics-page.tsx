"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { ErrorState } from "#components/ui/states-of-page.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type StatisticsFilter, statisticsQuery } from "#lib/statistics/client.ts";
import { BuildsChart } from "./builds-chart.tsx";
import { CausesCard } from "./causes-card.tsx";
import { DeploymentsChart } from "./deployments-chart.tsx";
import { Figures } from "./figures.tsx";
import { type Choices, FilterBar } from "./filter-bar.tsx";
import { ImagesChart } from "./images-chart.tsx";
import { ChartPatterns } from "./patterns.tsx";
import { ProjectsCard } from "./projects-card.tsx";
import { dayIn, daysUntil } from "./series.ts";
import { StepsCard } from "./steps-card.tsx";

/** How delivery goes: images, builds, deployments, lead time. Every chart reads without colour. */
export function StatisticsPage({
  filter,
  choices,
  now,
}: {
  filter: StatisticsFilter;
  choices: Choices;
  now: string;
}) {
  const t = useTranslations("statistics");
  const { data, error, refetch } = useQuery(statisticsQuery(filter));
  const days = daysUntil(dayIn(filter.zone, new Date(now)), filter.days);
  const { environment } = filter;
  const nameOf = (project: string) => choices.projects.find(({ key }) => key === project)?.name ?? project;
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
      <FilterBar filter={filter} choices={choices} days={days} />
      {error !== null && <ErrorState problem={problemOf(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <Figures data={data} filter={filter} />
          <ImagesChart
            // What is told apart follows the filter until the reader says otherwise.
            key={filter.project}
            days={days}
            images={data.images}
            first={filter.project === undefined ? "projects" : "components"}
            environment={environment}
            nameOf={nameOf}
          />
          <BuildsChart
            key={`builds ${filter.project}`}
            days={days}
            builds={data.builds}
            first={filter.project === undefined ? "projects" : "components"}
            environment={environment}
            nameOf={nameOf}
          />
          <DeploymentsChart
            days={days}
            deployments={data.deployments.items}
            environments={choices.environments.map(({ key }) => key)}
          />
          <CausesCard builds={data.builds.causes} deployments={data.deployments.causes} />
          <StepsCard steps={data.steps} />
          <ProjectsCard items={data.leadTime.items} environment={environment} nameOf={nameOf} />
        </>
      )}
    </Page>
  );
}
