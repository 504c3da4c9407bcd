import { route } from "#lib/http/route.ts";
import { getAdoptable } from "#lib/live/adoption-queries.ts";
import { getAdoptableApi } from "#lib/live/api.ts";

export const GET = route(getAdoptableApi, ({ actor, params, query }) => getAdoptable(actor, params, query));
