import { route } from "#lib/http/route.ts";
import { restartApi } from "#lib/live/api.ts";
import { restartWorkload } from "#lib/live/service.ts";

export const POST = route(restartApi, ({ actor, params, body }) =>
  restartWorkload({ actor, ...params, ...body }),
);
