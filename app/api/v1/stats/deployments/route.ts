import { route } from "#lib/http/route.ts";
import { deploymentsPerDayApi } from "#lib/statistics/api.ts";
import { deploymentsPerDay } from "#lib/statistics/queries.ts";

export const GET = route(deploymentsPerDayApi, ({ actor, query }) => deploymentsPerDay(actor, query));
