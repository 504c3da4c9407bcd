import { route } from "#lib/http/route.ts";
import { askWaiverApi, listWaiversApi } from "#lib/waivers/api.ts";
import { listWaivers } from "#lib/waivers/queries.ts";
import { askWaiver } from "#lib/waivers/service.ts";

export const GET = route(listWaiversApi, ({ actor, query }) => listWaivers(actor, query));
export const POST = route(askWaiverApi, ({ actor, body }) => askWaiver({ actor, ...body }));
