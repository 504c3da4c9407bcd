import { skipTargetApi } from "#lib/deployments/api.ts";
import { skipTarget } from "#lib/deployments/skip.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(skipTargetApi, ({ actor, params, body }) =>
  skipTarget({ actor, id: params.id, ...body }),
);
