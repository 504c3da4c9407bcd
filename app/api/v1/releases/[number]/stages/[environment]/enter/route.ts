import { route } from "#lib/http/route.ts";
import { enterStageApi } from "#lib/stages/api.ts";
import { enterStage } from "#lib/stages/enter.ts";

export const POST = route(enterStageApi, ({ actor, params, body }) =>
  enterStage({ actor, release: params.number, environment: params.environment, ...body }),
);
