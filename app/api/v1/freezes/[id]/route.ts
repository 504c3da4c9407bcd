import { cancelFreezeApi } from "#lib/freezes/api.ts";
import { cancelFreeze } from "#lib/freezes/service.ts";
import { route } from "#lib/http/route.ts";

export const DELETE = route(cancelFreezeApi, ({ actor, params }) => cancelFreeze({ actor, id: params.id }));
