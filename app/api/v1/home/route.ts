import { homeApi } from "#lib/home/api.ts";
import { getHome } from "#lib/home/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(homeApi, ({ actor }) => getHome(actor));
