import { listDeploymentsApi, startDeploymentApi } from "#lib/deployments/api.ts";
import { listDeployments } from "#lib/deployments/queries.ts";
import { startDeployment } from "#lib/deployments/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listDeploymentsApi, ({ actor, query }) => listDeployments(actor, query));
export const POST = route(startDeploymentApi, ({ actor, body }) => startDeployment({ actor, ...body }));
