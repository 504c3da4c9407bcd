import { route } from "#lib/http/route.ts";
import { leadTimeStepsApi } from "#lib/statistics/api.ts";
import { leadTimeSteps } from "#lib/statistics/steps.ts";

export const GET = route(leadTimeStepsApi, ({ actor, query }) => leadTimeSteps(actor, query));
