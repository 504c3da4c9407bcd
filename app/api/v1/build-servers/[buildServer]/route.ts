import { updateBuildServerApi } from "#lib/build-servers/api.ts";
import { updateBuildServer } from "#lib/build-servers/service.ts";
import { route } from "#lib/http/route.ts";

export const PATCH = route(updateBuildServerApi, ({ actor, params, body }) =>
  updateBuildServer({ actor, ...params, ...body }),
);
