import { createComponentApi, listComponentsApi } from "#lib/components/api.ts";
import { listComponents } from "#lib/components/queries.ts";
import { createComponent } from "#lib/components/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listComponentsApi, ({ actor, params }) => listComponents(actor, params.project));
export const POST = route(createComponentApi, ({ actor, params, body }) =>
  createComponent({ actor, ...params, ...body }),
);
