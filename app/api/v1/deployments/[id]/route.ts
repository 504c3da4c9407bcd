import { getDeploymentApi } from "#lib/deployments/api.ts";
import { getDeployment } from "#lib/deployments/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(getDeploymentApi, ({ actor, params }) => getDeployment(actor, params.id));
