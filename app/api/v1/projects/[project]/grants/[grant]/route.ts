import { route } from "#lib/http/route.ts";
import { revokeGrantApi } from "#lib/projects/api.ts";
import { revokeGrant } from "#lib/projects/service.ts";

export const DELETE = route(revokeGrantApi, ({ actor, params }) => revokeGrant({ actor, ...params }));
