import { createFreezeApi, listFreezesApi } from "#lib/freezes/api.ts";
import { listFreezes } from "#lib/freezes/queries.ts";
import { createFreeze } from "#lib/freezes/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listFreezesApi, ({ actor, query }) => listFreezes(actor, query));
export const POST = route(createFreezeApi, ({ actor, body }) => createFreeze({ actor, ...body }));
