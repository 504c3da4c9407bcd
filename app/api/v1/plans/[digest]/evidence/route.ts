import { route } from "#lib/http/route.ts";
import { exportPlanApi } from "#lib/plans/api.ts";
import { exportPlan } from "#lib/plans/evidence.ts";

export const POST = route(exportPlanApi, ({ actor, params }) => exportPlan(actor, params.digest));
