import { getConfigApi, updateConfigApi } from "#lib/components/config-api.ts";
import { getConfig } from "#lib/components/config-queries.ts";
import { updateConfig } from "#lib/components/config-service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(getConfigApi, ({ actor, params }) => getConfig(actor, params));
export const PUT = route(updateConfigApi, ({ actor, params, body }) =>
  updateConfig({ actor, ...params, ...body }),
);
