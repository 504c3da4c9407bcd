import { route } from "#lib/http/route.ts";
import { abandonRelease } from "#lib/releases/abandon.ts";
import { abandonReleaseApi } from "#lib/releases/api.ts";

export const POST = route(abandonReleaseApi, ({ actor, params }) => abandonRelease({ actor, ...params }));
