import { rollbackDeploymentApi } from "#lib/deployments/api.ts";
import { rollbackDeployment } from "#lib/deployments/rollback.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(rollbackDeploymentApi, ({ actor, params, body }) =>
  rollbackDeployment({ actor, id: params.id, ...body }),
);
