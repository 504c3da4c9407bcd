import { route } from "#lib/http/route.ts";
import { createTemplateApi, listTemplatesApi } from "#lib/templates/api.ts";
import { listTemplates } from "#lib/templates/queries.ts";
import { createTemplate } from "#lib/templates/service.ts";

export const GET = route(listTemplatesApi, ({ actor, query }) => listTemplates(actor, query));
export const POST = route(createTemplateApi, ({ actor, body }) => createTemplate({ actor, ...body }));
