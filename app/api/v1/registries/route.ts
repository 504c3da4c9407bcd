import { route } from "#lib/http/route.ts";
import { createRegistryApi, listRegistriesApi } from "#lib/registries/api.ts";
import { listRegistries } from "#lib/registries/queries.ts";
import { createRegistry } from "#lib/registries/service.ts";

export const GET = route(listRegistriesApi, ({ actor }) => listRegistries(actor));
export const POST = route(createRegistryApi, ({ actor, body }) => createRegistry({ actor, ...body }));
