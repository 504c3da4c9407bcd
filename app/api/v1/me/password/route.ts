import { route } from "#lib/http/route.ts";
import { changePasswordApi } from "#lib/users/api.ts";
import { changePassword } from "#lib/users/service.ts";

export const POST = route(changePasswordApi, ({ actor, body }) => changePassword({ actor, ...body }));
