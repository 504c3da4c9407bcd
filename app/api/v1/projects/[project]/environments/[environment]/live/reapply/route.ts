import { route } from "#lib/http/route.ts";
import { reapplyApi } from "#lib/live/api.ts";
import { reapplyDeployed } from "#lib/live/reapply.ts";

export const POST = route(reapplyApi, ({ actor, params, body }) =>
  reapplyDeployed({ actor, ...params, ...body }),
);
