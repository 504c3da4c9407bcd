import { route } from "#lib/http/route.ts";
import { getPlanApi } from "#lib/plans/api.ts";
import { getPlan } from "#lib/plans/queries.ts";

export const GET = route(getPlanApi, ({ actor, params }) => getPlan(actor, params.digest));
