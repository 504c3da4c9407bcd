import { route } from "#lib/http/route.ts";
import { revokeTokenApi } from "#lib/tokens/api.ts";
import { revokeToken } from "#lib/tokens/service.ts";

export const DELETE = route(revokeTokenApi, ({ actor, params }) => revokeToken({ actor, ...params }));
