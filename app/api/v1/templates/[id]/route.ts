import { route } from "#lib/http/route.ts";
import { getTemplateApi, updateTemplateApi } from "#lib/templates/api.ts";
import { getTemplate } from "#lib/templates/queries.ts";
import { updateTemplate } from "#lib/templates/service.ts";

export const GET = route(getTemplateApi, ({ actor, params }) => getTemplate(actor, params.id));
export const PUT = route(updateTemplateApi, ({ actor, params, body }) =>
  updateTemplate({ actor, id: params.id, ...body }),
);
