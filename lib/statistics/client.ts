import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { buildsPerDayApi, deploymentsPerDayApi, imagesPerDayApi, leadTimeApi } from "./api.ts";

export type StatisticsFilter = { project?: string; days: number };

/** All four at once: they are shown together and age together. */
export const statisticsQuery = (query: StatisticsFilter) =>
  queryOptions({
    queryKey: ["statistics", query],
    queryFn: async ({ signal }) => {
      const [images, builds, deployments, leadTime] = await Promise.all([
        call(imagesPerDayApi, { query, signal }),
        call(buildsPerDayApi, { query, signal }),
        call(deploymentsPerDayApi, { query, signal }),
        call(leadTimeApi, { query, signal }),
      ]);
      return {
        images: images.items,
        builds: builds.items,
        deployments: deployments.items,
        leadTime: leadTime.items,
      };
    },
  });
export type Statistics = Awaited<ReturnType<NonNullable<ReturnType<typeof statisticsQuery>["queryFn"]>>>;
