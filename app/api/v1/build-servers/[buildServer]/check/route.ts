import { checkBuildServerApi } from "#lib/build-servers/api.ts";
import { checkBuildServer } from "#lib/build-servers/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(checkBuildServerApi, ({ actor, params }) => checkBuildServer({ actor, ...params }));
