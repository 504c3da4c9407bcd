import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call, urlOf } from "#lib/http/client.ts";
import {
  getAdoptableApi,
  getHistoryApi,
  getLiveApi,
  getPodLogApi,
  getTimelineApi,
  pauseApi,
  reapplyApi,
  restartApi,
  scaleApi,
  streamLiveApi,
} from "./api.ts";
import type { pauseSchema, restartSchema, scaleSchema } from "./schema.ts";

export const LIVE_KEY = ["live"] as const;
export type LivePlace = { project: string; environment: string };

/** What runs, as the clusters say it at this moment. */
export const liveQuery = (place: LivePlace) =>
  queryOptions({
    queryKey: [...LIVE_KEY, place.project, place.environment],
    queryFn: ({ signal }) => call(getLiveApi, { params: place, signal }),
    // Clusters change: a page that has no stream asks at every look.
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

export const timelineQuery = (place: LivePlace, days: number) =>
  queryOptions({
    queryKey: [...historyQuery(place).queryKey, "timeline", days],
    queryFn: ({ signal }) => call(getTimelineApi, { params: place, query: { days }, signal }),
  });

/** Asked once for a target's drift, which `drifted` names: it may cost the server some renderings. */
export const adoptableQuery = (
  place: LivePlace,
  target: { cluster: string; namespace: string },
  drifted: string,
) =>
  queryOptions({
    queryKey: [
      ...LIVE_KEY,
      place.project,
      place.environment,
      "adoptable",
      target.cluster,
      target.namespace,
      drifted,
    ],
    queryFn: ({ signal }) => call(getAdoptableApi, { params: place, query: target, signal }),
  });

export type LogChoice = {
  pod: string;
  cluster: string;
  namespace: string;
  container?: string;
  previous: boolean;
};
/** Address of a container's log; with `follow` it stays open, with `download` it is a file, all of it by default. */
export const podLogUrl = (
  place: LivePlace,
  choice: LogChoice,
  shown: { since?: number; timestamps?: boolean; follow?: boolean; download?: boolean },
) =>
  urlOf(getPodLogApi, {
    params: { ...place, pod: choice.pod },
    query: {
      cluster: choice.cluster,
      namespace: choice.namespace,
      container: choice.container,
      previous: choice.previous ? "1" : "0",
      since: shown.since,
      timestamps: shown.timestamps ? "1" : "0",
      follow: shown.follow ? "1" : "0",
      download: shown.download ? "1" : "0",
    },
  });

/** Has clusters that are silent asked at once; a stream that is open tells what comes of it. */
export const askClusters = (place: LivePlace) => call(getLiveApi, { params: place });

/** Address of the stream of `LivePatch`es. */
export const liveStreamUrl = (place: LivePlace) => urlOf(streamLiveApi, { params: place });

export const restartWorkload = (place: LivePlace, body: z.input<typeof restartSchema>) =>
  call(restartApi, { params: place, body });
export const scaleWorkload = (place: LivePlace, body: z.input<typeof scaleSchema>) =>
  call(scaleApi, { params: place, body });
export const pauseWorkload = (place: LivePlace, body: z.input<typeof pauseSchema>) =>
  call(pauseApi, { params: place, body });
/** A plan that brings the environment back to what was deployed last. */
export const reapplyDeployed = (place: LivePlace, components: string[]) =>
  call(reapplyApi, { params: place, body: { components } });
