import { route } from "#lib/http/route.ts";
import { deploymentStatisticsApi } from "#lib/statistics/api.ts";
import { deploymentStatistics } from "#lib/statistics/deployments.ts";

export const GET = route(deploymentStatisticsApi, ({ actor, query }) => deploymentStatistics(actor, query));
