import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { listCommitsApi, listRefsApi } from "./api.ts";

type Source = { project: string; component: string };
/** Repositories move while a form is open, but not with every key press. */
const FRESH_MS = 60_000;

export const refsQuery = (source: Source, search: string) =>
  queryOptions({
    queryKey: ["refs", source.project, source.component, search],
    queryFn: ({ signal }) =>
      call(listRefsApi, { params: source, query: { search: search || undefined }, signal }),
    staleTime: FRESH_MS,
  });

/** @param ref left out: the component's default ref */
export const commitsQuery = (
  source: Source,
  { ref, search = "", limit = 50 }: { ref?: string; search?: string; limit?: number },
) =>
  queryOptions({
    queryKey: ["commits", source.project, source.component, ref ?? null, search, limit],
    queryFn: ({ signal }) =>
      call(listCommitsApi, {
        params: source,
        query: { ref, search: search || undefined, limit: String(limit) },
        signal,
      }),
    staleTime: FRESH_MS,
    retry: false,
  });
