import { route } from "#lib/http/route.ts";
import { buildsPerDayApi } from "#lib/statistics/api.ts";
import { buildsPerDay } from "#lib/statistics/queries.ts";

export const GET = route(buildsPerDayApi, ({ actor, query }) => buildsPerDay(actor, query));
