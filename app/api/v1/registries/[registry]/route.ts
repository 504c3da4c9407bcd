import { route } from "#lib/http/route.ts";
import { deleteRegistryApi, updateRegistryApi } from "#lib/registries/api.ts";
import { deleteRegistry, updateRegistry } from "#lib/registries/service.ts";

export const PATCH = route(updateRegistryApi, ({ actor, params, body }) =>
  updateRegistry({ actor, ...params, ...body }),
);
export const DELETE = route(deleteRegistryApi, ({ actor, params }) => deleteRegistry({ actor, ...params }));
