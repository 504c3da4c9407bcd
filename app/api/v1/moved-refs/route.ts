import { route } from "#lib/http/route.ts";
import { movedRefsApi } from "#lib/releases/api.ts";
import { movedRefs } from "#lib/releases/moved-refs.ts";

export const GET = route(movedRefsApi, ({ actor, query }) => movedRefs(actor, query.releases));
