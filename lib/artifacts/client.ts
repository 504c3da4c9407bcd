import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { getArtifactApi } from "./api.ts";

/** A scan that runs, and an image that was not looked at yet, are asked after again. */
const SOON_MS = 5000;

export const artifactQuery = (id: string, release?: string) =>
  queryOptions({
    queryKey: ["artifact", id, release ?? ""],
    queryFn: ({ signal }) =>
      call(getArtifactApi, { params: { id }, query: release === undefined ? {} : { release }, signal }),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && (data.inspectedAt === null || data.scan?.state === "running") ? SOON_MS : false,
  });
