import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { checkClusterApi, createClusterApi, listClustersApi, updateClusterApi } from "./api.ts";
import type { createClusterSchema, updateClusterSchema } from "./schema.ts";

export const clustersQuery = () =>
  queryOptions({ queryKey: ["clusters"], queryFn: ({ signal }) => call(listClustersApi, { signal }) });
export const createCluster = (body: z.input<typeof createClusterSchema>) => call(createClusterApi, { body });
export const updateCluster = (cluster: string, body: z.input<typeof updateClusterSchema>) =>
  call(updateClusterApi, { params: { cluster }, body });
export const checkCluster = (cluster: string) => call(checkClusterApi, { params: { cluster } });
