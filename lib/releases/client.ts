import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  abandonReleaseApi,
  buildReleaseApi,
  createReleaseApi,
  getReleaseApi,
  listReleasesApi,
  movedRefsApi,
  releaseChangesApi,
  releaseRefsApi,
  releaseTimelineApi,
  updateReleaseApi,
} from "./api.ts";
import type { createReleaseSchema, releaseQuerySchema, updateReleaseSchema } from "./schema.ts";

export type ReleaseQuery = z.input<typeof releaseQuerySchema>;

/** One page of the list; the filters and the cursor are part of the key. */
export const releasesQuery = (query: ReleaseQuery) =>
  queryOptions({
    queryKey: ["releases", query],
    queryFn: ({ signal }) => call(listReleasesApi, { query, signal }),
  });

export const releaseQuery = (number: string) =>
  queryOptions({
    queryKey: ["release", number],
    queryFn: ({ signal }) => call(getReleaseApi, { params: { number }, signal }),
  });

export const timelineQuery = (number: string, limit: number) =>
  queryOptions({
    queryKey: ["release-timeline", number, limit],
    queryFn: ({ signal }) =>
      call(releaseTimelineApi, { params: { number }, query: { limit: String(limit) }, signal }),
  });

/** Asks the Git host, so it is not among what events reload; the running version changes with deployments only. */
export const changesQuery = (number: string, against: string) =>
  queryOptions({
    queryKey: ["release-changes", number, against],
    queryFn: ({ signal }) => call(releaseChangesApi, { params: { number }, query: { against }, signal }),
  });

/** Asks the Git host too; beside the page, which does not wait for it. */
export const refsQuery = (number: string) =>
  queryOptions({
    queryKey: ["release-refs", number],
    queryFn: ({ signal }) => call(releaseRefsApi, { params: { number }, signal }),
    staleTime: 30_000,
  });

/** The same of a list, in one request; nothing is asked where no order of it is on its way. */
export const movedRefsQuery = (numbers: readonly string[]) =>
  queryOptions({
    queryKey: ["moved-refs", numbers],
    queryFn: ({ signal }) => call(movedRefsApi, { query: { releases: numbers.join(",") }, signal }),
    staleTime: 30_000,
    enabled: numbers.length > 0,
  });

/** @param key a key for the click: a repeat answers what the first call made */
export const createRelease = (body: z.input<typeof createReleaseSchema>, key: string) =>
  call(createReleaseApi, { body, idempotencyKey: key });
export const updateRelease = (number: string, body: z.input<typeof updateReleaseSchema>) =>
  call(updateReleaseApi, { params: { number }, body });
export const buildRelease = (number: string) => call(buildReleaseApi, { params: { number } });
export const abandonRelease = (number: string) => call(abandonReleaseApi, { params: { number } });
