import { route } from "#lib/http/route.ts";
import { createSourceHostApi, listSourceHostsApi } from "#lib/source-hosts/api.ts";
import { listSourceHosts } from "#lib/source-hosts/queries.ts";
import { createSourceHost } from "#lib/source-hosts/service.ts";

export const GET = route(listSourceHostsApi, ({ actor }) => listSourceHosts(actor));
export const POST = route(createSourceHostApi, ({ actor, body }) => createSourceHost({ actor, ...body }));
