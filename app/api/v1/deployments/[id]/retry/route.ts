import { retryDeploymentApi } from "#lib/deployments/api.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(retryDeploymentApi, ({ actor, params }) =>
  retryDeployment({ actor, id: params.id }),
);
