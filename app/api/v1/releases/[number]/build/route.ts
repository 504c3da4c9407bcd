import { route } from "#lib/http/route.ts";
import { buildReleaseApi } from "#lib/releases/api.ts";
import { buildRelease } from "#lib/releases/service.ts";

export const POST = route(buildReleaseApi, ({ actor, params }) => buildRelease({ actor, ...params }));
