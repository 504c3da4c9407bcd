import { updateEnvironmentApi } from "#lib/environments/api.ts";
import { updateEnvironment } from "#lib/environments/service.ts";
import { route } from "#lib/http/route.ts";

export const PATCH = route(updateEnvironmentApi, ({ actor, params, body }) =>
  updateEnvironment({ actor, ...params, ...body }),
);
