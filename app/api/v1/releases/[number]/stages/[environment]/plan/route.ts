import { route } from "#lib/http/route.ts";
import { computePlanApi } from "#lib/plans/api.ts";
import { computePlan } from "#lib/plans/service.ts";

export const POST = route(computePlanApi, ({ actor, params, body }) =>
  computePlan({ actor, release: params.number, environment: params.environment, choices: body.choices }),
);
