import { route } from "#lib/http/route.ts";
import { previewTemplateApi } from "#lib/templates/api.ts";
import { previewTemplate } from "#lib/templates/preview.ts";

export const POST = route(previewTemplateApi, ({ actor, body }) => previewTemplate({ actor, ...body }));
