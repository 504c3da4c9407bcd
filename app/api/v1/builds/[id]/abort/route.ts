import { abortBuildApi } from "#lib/builds/api.ts";
import { abortBuild } from "#lib/builds/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(abortBuildApi, ({ actor, params }) => abortBuild({ actor, ...params }));
