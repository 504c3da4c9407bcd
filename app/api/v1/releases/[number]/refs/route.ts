import { route } from "#lib/http/route.ts";
import { releaseRefsApi } from "#lib/releases/api.ts";
import { releaseRefs } from "#lib/releases/refs.ts";

export const GET = route(releaseRefsApi, ({ actor, params }) => releaseRefs(actor, params.number));
