import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  createBaseImageApi,
  deleteBaseImageApi,
  listBaseImagesApi,
  lookAtBaseImageApi,
  previewRebuildApi,
  rebuildApi,
  updateBaseImageApi,
} from "./api.ts";
import type { createBaseImageSchema, rebuildSchema, updateBaseImageSchema } from "./schema.ts";

/** Tags move, and images are built, without anybody looking. */
const AGAIN_MS = 15_000;

export const baseImagesQuery = () =>
  queryOptions({
    queryKey: ["base-images"],
    queryFn: ({ signal }) => call(listBaseImagesApi, { signal }),
    refetchInterval: AGAIN_MS,
  });
export const rebuildPreviewQuery = (base: string) =>
  queryOptions({
    queryKey: ["base-images", base, "rebuild"],
    queryFn: ({ signal }) => call(previewRebuildApi, { params: { base }, signal }),
    staleTime: 0,
  });
export const createBaseImage = (body: z.input<typeof createBaseImageSchema>) =>
  call(createBaseImageApi, { body });
export const updateBaseImage = (base: string, body: z.input<typeof updateBaseImageSchema>) =>
  call(updateBaseImageApi, { params: { base }, body });
export const deleteBaseImage = (base: string) => call(deleteBaseImageApi, { params: { base } });
export const lookAtBaseImage = (base: string) => call(lookAtBaseImageApi, { params: { base } });
export const rebuildOnBase = (base: string, body: z.input<typeof rebuildSchema>) =>
  call(rebuildApi, { params: { base }, body });
