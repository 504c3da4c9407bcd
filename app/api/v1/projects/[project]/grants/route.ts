import { route } from "#lib/http/route.ts";
import { createGrantApi } from "#lib/projects/api.ts";
import { createGrant } from "#lib/projects/service.ts";

export const POST = route(createGrantApi, ({ actor, params, body }) =>
  createGrant({ actor, ...params, ...body }),
);
