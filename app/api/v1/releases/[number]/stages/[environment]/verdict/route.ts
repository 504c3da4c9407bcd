import { route } from "#lib/http/route.ts";
import { verdictApi } from "#lib/stages/api.ts";
import { verdict } from "#lib/stages/service.ts";

export const POST = route(verdictApi, ({ actor, params, body }) =>
  verdict({ actor, release: params.number, environment: params.environment, ...body }),
);
