import { createClusterApi, listClustersApi } from "#lib/clusters/api.ts";
import { listClusters } from "#lib/clusters/queries.ts";
import { createCluster } from "#lib/clusters/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listClustersApi, ({ actor }) => listClusters(actor));
export const POST = route(createClusterApi, ({ actor, body }) => createCluster({ actor, ...body }));
