import { route } from "#lib/http/route.ts";
import { listRefsApi } from "#lib/sources/api.ts";
import { listRefs } from "#lib/sources/queries.ts";

export const GET = route(listRefsApi, ({ actor, params, query }) => listRefs(actor, { ...params, ...query }));
