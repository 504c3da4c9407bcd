import { pauseDeploymentApi } from "#lib/deployments/api.ts";
import { pauseDeployment } from "#lib/deployments/pause.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(pauseDeploymentApi, ({ actor, params }) =>
  pauseDeployment({ actor, id: params.id }),
);
