import { route } from "#lib/http/route.ts";
import { leaveStageApi } from "#lib/stages/api.ts";
import { leaveStage } from "#lib/stages/service.ts";

export const POST = route(leaveStageApi, ({ actor, params, body }) =>
  leaveStage({ actor, release: params.number, environment: params.environment, ...body }),
);
