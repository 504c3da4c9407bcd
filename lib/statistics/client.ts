import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import {
  buildStatisticsApi,
  deploymentsPerDayApi,
  imagesPerDayApi,
  leadTimeApi,
  leadTimeStepsApi,
} from "./api.ts";

export type StatisticsFilter = { project?: string; days: number; zone: string };

/** All five at once: they are shown together and age together. */
export const statisticsQuery = (query: StatisticsFilter) =>
  queryOptions({
    queryKey: ["statistics", query],
    queryFn: async ({ signal }) => {
      const [images, builds, deployments, leadTime, steps] = await Promise.all([
        call(imagesPerDayApi, { query, signal }),
        call(buildStatisticsApi, { query, signal }),
        call(deploymentsPerDayApi, { query, signal }),
        call(leadTimeApi, { query, signal }),
        call(leadTimeStepsApi, { query, signal }),
      ]);
      return { images: images.items, builds, deployments: deployments.items, leadTime, steps };
    },
  });
export type Statistics = Awaited<ReturnType<NonNullable<ReturnType<typeof statisticsQuery>["queryFn"]>>>;
