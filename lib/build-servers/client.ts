import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  checkBuildServerApi,
  createBuildServerApi,
  listBuildChoicesApi,
  listBuildServersApi,
  readBuildJobApi,
  updateBuildServerApi,
} from "./api.ts";
import type { createBuildServerSchema, updateBuildServerSchema } from "./schema.ts";

export const buildServersQuery = () =>
  queryOptions({
    queryKey: ["build-servers"],
    queryFn: ({ signal }) => call(listBuildServersApi, { signal }),
  });
export const buildChoicesQuery = (project: string) =>
  queryOptions({
    queryKey: ["build-servers", { project }],
    queryFn: ({ signal }) => call(listBuildChoicesApi, { params: { project }, signal }),
  });
export const createBuildServer = (body: z.input<typeof createBuildServerSchema>) =>
  call(createBuildServerApi, { body });
export const updateBuildServer = (buildServer: string, body: z.input<typeof updateBuildServerSchema>) =>
  call(updateBuildServerApi, { params: { buildServer }, body });
/** @param version of the server: the files carry the name of its job */
export const buildJobQuery = (buildServer: string, version: number) =>
  queryOptions({
    queryKey: ["build-servers", buildServer, "job", version],
    queryFn: ({ signal }) => call(readBuildJobApi, { params: { buildServer }, signal }),
  });
export const checkBuildServer = (buildServer: string) =>
  call(checkBuildServerApi, { params: { buildServer } });
