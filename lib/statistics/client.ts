import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import {
  buildStatisticsApi,
  deploymentStatisticsApi,
  imagesPerDayApi,
  leadTimeApi,
  leadTimeStepsApi,
  releaseLifeApi,
} from "./api.ts";

export type StatisticsFilter = {
  project?: string;
  component?: string;
  environment?: string;
  days: number;
  zone: string;
};

/** All at once: they are shown together and age together. The period before is there to be compared with. */
export const statisticsQuery = (query: StatisticsFilter) =>
  queryOptions({
    queryKey: ["statistics", query],
    queryFn: async ({ signal }) => {
      const [images, builds, deployments, leadTime, before, steps] = await Promise.all([
        call(imagesPerDayApi, { query, signal }),
        call(buildStatisticsApi, { query, signal }),
        call(deploymentStatisticsApi, { query, signal }),
        call(leadTimeApi, { query, signal }),
        call(leadTimeApi, { query: { ...query, back: query.days }, signal }),
        call(leadTimeStepsApi, { query, signal }),
      ]);
      return { images, builds, deployments, leadTime, before: before.all, steps };
    },
  });
export type Statistics = Awaited<ReturnType<NonNullable<ReturnType<typeof statisticsQuery>["queryFn"]>>>;

/** Under the release order's key: what reloads the order reloads its life. */
export const releaseLifeQuery = (number: string) =>
  queryOptions({
    queryKey: ["release", number, "life"],
    queryFn: ({ signal }) => call(releaseLifeApi, { params: { number }, signal }),
  });
