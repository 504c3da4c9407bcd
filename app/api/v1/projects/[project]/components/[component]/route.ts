import { getComponentApi, updateComponentApi } from "#lib/components/api.ts";
import { getComponent } from "#lib/components/queries.ts";
import { updateComponent } from "#lib/components/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(getComponentApi, ({ actor, params }) =>
  getComponent(actor, params.project, params.component),
);
export const PATCH = route(updateComponentApi, ({ actor, params, body }) =>
  updateComponent({ actor, ...params, ...body }),
);
