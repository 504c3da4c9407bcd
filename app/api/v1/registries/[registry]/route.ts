import { route } from "#lib/http/route.ts";
import { updateRegistryApi } from "#lib/registries/api.ts";
import { updateRegistry } from "#lib/registries/service.ts";

export const PATCH = route(updateRegistryApi, ({ actor, params, body }) =>
  updateRegistry({ actor, ...params, ...body }),
);
