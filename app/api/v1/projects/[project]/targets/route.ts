import { listTargetsApi, setTargetsApi } from "#lib/environments/api.ts";
import { listTargets } from "#lib/environments/queries.ts";
import { setTargets } from "#lib/environments/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listTargetsApi, ({ actor, params }) => listTargets(actor, params.project));
export const PUT = route(setTargetsApi, ({ actor, params, body }) =>
  setTargets({ actor, ...params, ...body }),
);
