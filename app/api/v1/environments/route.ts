import { createEnvironmentApi, listEnvironmentsApi } from "#lib/environments/api.ts";
import { listEnvironments } from "#lib/environments/queries.ts";
import { createEnvironment } from "#lib/environments/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listEnvironmentsApi, () => listEnvironments());
export const POST = route(createEnvironmentApi, ({ actor, body }) => createEnvironment({ actor, ...body }));
