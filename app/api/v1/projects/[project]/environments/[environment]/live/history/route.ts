import { route } from "#lib/http/route.ts";
import { getHistoryApi } from "#lib/live/api.ts";
import { getHistory } from "#lib/live/queries.ts";

export const GET = route(getHistoryApi, ({ actor, params, query }) => getHistory(actor, params, query));
