import { continueDeploymentApi } from "#lib/deployments/api.ts";
import { continueDeployment } from "#lib/deployments/pause.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(continueDeploymentApi, ({ actor, params, body }) =>
  continueDeployment({ actor, id: params.id, ...body }),
);
