import { route } from "#lib/http/route.ts";
import { freeEnvironmentApi, getReservationApi, holdEnvironmentApi } from "#lib/reservations/api.ts";
import { getReservation } from "#lib/reservations/queries.ts";
import { freeEnvironment, holdEnvironment } from "#lib/reservations/service.ts";

export const GET = route(getReservationApi, ({ actor, params }) =>
  getReservation(actor, params.project, params.environment),
);
export const POST = route(holdEnvironmentApi, ({ actor, params, body }) =>
  holdEnvironment({ actor, ...params, ...body }),
);
export const DELETE = route(freeEnvironmentApi, ({ actor, params, query }) =>
  freeEnvironment({ actor, ...params, ...query }),
);
