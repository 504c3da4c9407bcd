import { cancelDeploymentApi } from "#lib/deployments/api.ts";
import { cancelDeployment } from "#lib/deployments/cancel.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(cancelDeploymentApi, ({ actor, params }) =>
  cancelDeployment({ actor, id: params.id }),
);
