import { route } from "#lib/http/route.ts";
import { revokeWaiverApi } from "#lib/waivers/api.ts";
import { revokeWaiver } from "#lib/waivers/service.ts";

export const DELETE = route(revokeWaiverApi, ({ actor, params }) => revokeWaiver({ actor, ...params }));
