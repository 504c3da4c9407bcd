import { route } from "#lib/http/route.ts";
import { updateSourceHostApi } from "#lib/source-hosts/api.ts";
import { updateSourceHost } from "#lib/source-hosts/service.ts";

export const PATCH = route(updateSourceHostApi, ({ actor, params, body }) =>
  updateSourceHost({ actor, ...params, ...body }),
);
