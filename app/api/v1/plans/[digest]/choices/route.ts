import { route } from "#lib/http/route.ts";
import { choosePlanApi } from "#lib/plans/api.ts";
import { choosePlan } from "#lib/plans/service.ts";

export const POST = route(choosePlanApi, ({ actor, params, body }) =>
  choosePlan({ actor, digest: params.digest, choices: body.choices }),
);
