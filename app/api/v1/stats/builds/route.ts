import { route } from "#lib/http/route.ts";
import { buildStatisticsApi } from "#lib/statistics/api.ts";
import { buildStatistics } from "#lib/statistics/builds.ts";

export const GET = route(buildStatisticsApi, ({ actor, query }) => buildStatistics(actor, query));
