import { route } from "#lib/http/route.ts";
import { scaleApi } from "#lib/live/api.ts";
import { scaleWorkload } from "#lib/live/service.ts";

export const POST = route(scaleApi, ({ actor, params, body }) =>
  scaleWorkload({ actor, ...params, ...body }),
);
