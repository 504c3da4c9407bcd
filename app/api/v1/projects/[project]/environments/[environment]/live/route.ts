import { route } from "#lib/http/route.ts";
import { getLiveApi } from "#lib/live/api.ts";
import { getLive } from "#lib/live/queries.ts";

export const GET = route(getLiveApi, ({ actor, params }) => getLive(actor, params));
