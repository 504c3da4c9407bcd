import { updateClusterApi } from "#lib/clusters/api.ts";
import { updateCluster } from "#lib/clusters/service.ts";
import { route } from "#lib/http/route.ts";

export const PATCH = route(updateClusterApi, ({ actor, params, body }) =>
  updateCluster({ actor, ...params, ...body }),
);
