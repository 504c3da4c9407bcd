import { route } from "#lib/http/route.ts";
import { pauseApi } from "#lib/live/api.ts";
import { pauseWorkload } from "#lib/live/service.ts";

export const POST = route(pauseApi, ({ actor, params, body }) =>
  pauseWorkload({ actor, ...params, ...body }),
);
