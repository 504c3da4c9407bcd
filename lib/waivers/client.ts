import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { askWaiverApi, decideWaiverApi, listWaiversApi, revokeWaiverApi } from "./api.ts";
import type { askWaiverSchema, decideWaiverSchema, WaiverView } from "./schema.ts";

export const WAIVERS_KEY = ["waivers"] as const;

export const waiversQuery = (view: WaiverView) =>
  infiniteQueryOptions({
    queryKey: [...WAIVERS_KEY, view],
    queryFn: ({ pageParam, signal }) =>
      call(listWaiversApi, { query: { view, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
/** What is asked for in an environment of a project and not decided yet. */
export const openWaiversQuery = (project: string, environment: string) =>
  queryOptions({
    queryKey: [...WAIVERS_KEY, "open", project, environment],
    queryFn: ({ signal }) =>
      call(listWaiversApi, { query: { view: "open", project, environment, limit: 200 }, signal }),
  });

export const askWaiver = (body: z.input<typeof askWaiverSchema>) => call(askWaiverApi, { body });
export const decideWaiver = (id: string, body: z.input<typeof decideWaiverSchema>) =>
  call(decideWaiverApi, { params: { id }, body });
export const revokeWaiver = (id: string) => call(revokeWaiverApi, { params: { id } });
