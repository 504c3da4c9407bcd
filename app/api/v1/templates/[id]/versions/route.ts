import { route } from "#lib/http/route.ts";
import { listTemplateVersionsApi } from "#lib/templates/api.ts";
import { listTemplateVersions } from "#lib/templates/queries.ts";

export const GET = route(listTemplateVersionsApi, ({ actor, params }) =>
  listTemplateVersions(actor, params.id),
);
