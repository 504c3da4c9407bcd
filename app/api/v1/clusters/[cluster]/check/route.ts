import { checkClusterApi } from "#lib/clusters/api.ts";
import { checkCluster } from "#lib/clusters/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(checkClusterApi, ({ actor, params }) => checkCluster({ actor, ...params }));
