import { route } from "#lib/http/route.ts";
import { decideWaiverApi } from "#lib/waivers/api.ts";
import { decideWaiver } from "#lib/waivers/service.ts";

export const POST = route(decideWaiverApi, ({ actor, params, body }) =>
  decideWaiver({ actor, ...params, ...body }),
);
