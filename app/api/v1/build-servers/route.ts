import { createBuildServerApi, listBuildServersApi } from "#lib/build-servers/api.ts";
import { listBuildServers } from "#lib/build-servers/queries.ts";
import { createBuildServer } from "#lib/build-servers/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listBuildServersApi, ({ actor }) => listBuildServers(actor));
export const POST = route(createBuildServerApi, ({ actor, body }) => createBuildServer({ actor, ...body }));
