import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { listImageCopiesApi, retryImageCopyApi } from "./api.ts";

export const IMAGE_COPIES_KEY = ["image-copies"] as const;
/** While something is on its way its bytes are asked for; events tell of the rest. */
const MOVING_MS = 1500;

export const imageCopiesQuery = (release: string, environment: string) =>
  queryOptions({
    queryKey: [...IMAGE_COPIES_KEY, release, environment],
    queryFn: ({ signal }) => call(listImageCopiesApi, { query: { release, environment }, signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((copy) => copy.state === "queued" || copy.state === "copying")
        ? MOVING_MS
        : false,
  });

export const retryImageCopy = (id: string) => call(retryImageCopyApi, { params: { id } });
