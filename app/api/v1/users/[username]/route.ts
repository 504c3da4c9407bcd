import { route } from "#lib/http/route.ts";
import { updateUserApi } from "#lib/users/api.ts";
import { updateUser } from "#lib/users/service.ts";

export const PATCH = route(updateUserApi, ({ actor, params, body }) =>
  updateUser({ actor, ...params, ...body }),
);
