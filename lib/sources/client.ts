import { type InfiniteData, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { listCommitsApi, listRefsApi } from "./api.ts";
import type { CommitListDto, RefListDto } from "./schema.ts";

type Source = { project: string; component: string };
/** Repositories move while a form is open, but not with every key press. */
const FRESH_MS = 60_000;
const PICKER_PAGE = "50";

/** Branches or tags, newest first, page by page. */
export const refsQuery = (source: Source, kind: "branch" | "tag", search: string) =>
  infiniteQueryOptions<RefListDto, Error, InfiniteData<RefListDto, string>, string[], string>({
    queryKey: ["refs", source.project, source.component, kind, search],
    queryFn: ({ signal, pageParam }) =>
      call(listRefsApi, {
        params: source,
        query: { kind, limit: PICKER_PAGE, search: search || undefined, cursor: pageParam || undefined },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: FRESH_MS,
    retry: false,
  });

/** Commits of the component's default ref, page by page. */
export const commitPagesQuery = (source: Source, search: string) =>
  infiniteQueryOptions<CommitListDto, Error, InfiniteData<CommitListDto, string>, string[], string>({
    queryKey: ["commit-pages", source.project, source.component, search],
    queryFn: ({ signal, pageParam }) =>
      call(listCommitsApi, {
        params: source,
        query: { limit: PICKER_PAGE, search: search || undefined, cursor: pageParam || undefined },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: FRESH_MS,
    retry: false,
  });

/** @param ref left out: the component's default ref */
export const commitsQuery = (source: Source, { ref, limit = 50 }: { ref?: string; limit?: number }) =>
  queryOptions({
    queryKey: ["commits", source.project, source.component, ref ?? null, limit],
    queryFn: ({ signal }) =>
      call(listCommitsApi, {
        params: source,
        query: { ref, limit: String(limit) },
        signal,
        // The last commit of every component of a project, as a reminder.
        ...(ref === undefined && limit === 1 ? { priority: "low" } : {}),
      }),
    staleTime: FRESH_MS,
    retry: false,
  });
