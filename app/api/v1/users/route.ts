import { route } from "#lib/http/route.ts";
import { createUserApi, listUsersApi } from "#lib/users/api.ts";
import { createUser, listUsers } from "#lib/users/service.ts";

export const GET = route(listUsersApi, ({ actor, query }) => listUsers(actor, query));
export const POST = route(createUserApi, ({ actor, body }) => createUser({ actor, ...body }));
