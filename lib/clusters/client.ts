import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { checkClusterApi, createClusterApi, listClustersApi } from "./api.ts";
import type { createClusterSchema } from "./schema.ts";

export const clustersQuery = () =>
  queryOptions({ queryKey: ["clusters"], queryFn: ({ signal }) => call(listClustersApi, { signal }) });
export const createCluster = (body: z.input<typeof createClusterSchema>) => call(createClusterApi, { body });
export const checkCluster = (cluster: string) => call(checkClusterApi, { params: { cluster } });
