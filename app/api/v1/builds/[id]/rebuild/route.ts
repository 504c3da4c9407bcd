import { rebuildApi } from "#lib/builds/api.ts";
import { rebuild } from "#lib/builds/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(rebuildApi, ({ actor, params }) => rebuild({ actor, ...params }));
