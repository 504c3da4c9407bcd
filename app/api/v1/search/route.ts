import { route } from "#lib/http/route.ts";
import { searchApi } from "#lib/search/api.ts";
import { search } from "#lib/search/queries.ts";

export const GET = route(searchApi, ({ actor, query }) => search(actor, query.q));
