import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { keptRetentionApi, listKeptImagesApi } from "./api.ts";
import type { KeptImageDto, KeptImageFilters, KeptImagePage } from "./schema.ts";

export const keptImagesQuery = (filters: KeptImageFilters) =>
  infiniteQueryOptions({
    queryKey: ["kept-images", filters],
    queryFn: ({ pageParam, signal }) =>
      call(listKeptImagesApi, { query: { ...filters, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** All that the filters let through, page by page. */
export async function allKeptImages(filters: KeptImageFilters): Promise<KeptImageDto[]> {
  const items: KeptImageDto[] = [];
  let cursor: string | null = null;
  do {
    const page: KeptImagePage = await call(listKeptImagesApi, {
      query: { ...filters, ...(cursor ? { cursor } : {}), limit: 200 },
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

export const keptRetentionQuery = () =>
  queryOptions({
    queryKey: ["kept-images", "retention"],
    queryFn: ({ signal }) => call(keptRetentionApi, { signal }),
  });
