import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { checkBuildServerApi, createBuildServerApi, listBuildServersApi } from "./api.ts";
import type { createBuildServerSchema } from "./schema.ts";

export const buildServersQuery = () =>
  queryOptions({
    queryKey: ["build-servers"],
    queryFn: ({ signal }) => call(listBuildServersApi, { signal }),
  });
export const createBuildServer = (body: z.input<typeof createBuildServerSchema>) =>
  call(createBuildServerApi, { body });
export const checkBuildServer = (buildServer: string) =>
  call(checkBuildServerApi, { params: { buildServer } });
