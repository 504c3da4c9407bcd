import { getBuildApi } from "#lib/builds/api.ts";
import { getBuild } from "#lib/builds/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(getBuildApi, ({ actor, params }) => getBuild(actor, params.id));
