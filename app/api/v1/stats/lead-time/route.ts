import { route } from "#lib/http/route.ts";
import { leadTimeApi } from "#lib/statistics/api.ts";
import { leadTime } from "#lib/statistics/lead-time.ts";

export const GET = route(leadTimeApi, ({ actor, query }) => leadTime(actor, query));
