import { route } from "#lib/http/route.ts";
import { checkRegistryApi } from "#lib/registries/api.ts";
import { checkRegistry } from "#lib/registries/service.ts";

export const POST = route(checkRegistryApi, ({ actor, params }) => checkRegistry({ actor, ...params }));
