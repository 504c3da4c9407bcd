import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call, urlOf } from "#lib/http/client.ts";
import { getHistoryApi, getLiveApi, getPodLogApi, restartApi, scaleApi } from "./api.ts";
import type { restartSchema, scaleSchema } from "./schema.ts";

export const LIVE_KEY = ["live"] as const;
export type LivePlace = { project: string; environment: string };

/** What runs, as the clusters say it at this moment. */
export const liveQuery = (place: LivePlace) =>
  queryOptions({
    queryKey: [...LIVE_KEY, place.project, place.environment],
    queryFn: ({ signal }) => call(getLiveApi, { params: place, signal }),
    // Clusters change without telling: every look at the page asks again.
    staleTime: 0,
  });

export const historyQuery = (place: LivePlace) =>
  infiniteQueryOptions({
    queryKey: [...LIVE_KEY, place.project, place.environment, "history"],
    queryFn: ({ pageParam, signal }) =>
      call(getHistoryApi, {
        params: place,
        query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export type LogChoice = {
  pod: string;
  cluster: string;
  namespace: string;
  container?: string;
  previous: boolean;
};
/** Address of a container's log; open-ended with `follow`. */
export const podLogUrl = (place: LivePlace, choice: LogChoice, follow: boolean) =>
  urlOf(getPodLogApi, {
    params: { ...place, pod: choice.pod },
    query: {
      cluster: choice.cluster,
      namespace: choice.namespace,
      container: choice.container,
      previous: choice.previous ? "1" : "0",
      tail: 2000,
      follow: follow ? "1" : "0",
    },
  });

export const restartWorkload = (place: LivePlace, body: z.input<typeof restartSchema>) =>
  call(restartApi, { params: place, body });
export const scaleWorkload = (place: LivePlace, body: z.input<typeof scaleSchema>) =>
  call(scaleApi, { params: place, body });
