import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { getArtifactApi, inspectArtifactApi, listArtifactsApi } from "./api.ts";
import type { artifactListQuerySchema } from "./schema.ts";

/** A scan that runs, and an image that was not looked at yet, are asked after again. */
const SOON_MS = 5000;

/** Images are built and looked at without anybody clicking. */
const AGAIN_MS = 15_000;

export const artifactsQuery = (query: z.input<typeof artifactListQuerySchema>) =>
  queryOptions({
    queryKey: ["artifacts", query],
    queryFn: ({ signal }) => call(listArtifactsApi, { query, signal }),
    refetchInterval: AGAIN_MS,
  });
export const artifactQuery = (id: string, release?: string) =>
  queryOptions({
    queryKey: ["artifact", id, release ?? ""],
    queryFn: ({ signal }) =>
      call(getArtifactApi, { params: { id }, query: release === undefined ? {} : { release }, signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.registries.some(
        ({ inspectedAt, inspectProblem, scan }) =>
          (inspectedAt === null && inspectProblem === null) || scan?.state === "running",
      )
        ? SOON_MS
        : false,
  });
export const inspectArtifact = (id: string) => call(inspectArtifactApi, { params: { id } });
